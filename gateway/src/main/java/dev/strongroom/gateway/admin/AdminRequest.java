package dev.strongroom.gateway.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What is to be done. In JSON: {@code {"kind": "user", "verb": "create", "account": "111122223333", "name": "ann"}}.
 *
 * @param account twelve digits; of listing accounts it says nothing
 */
public record AdminRequest(AdminAction action, String account, ObjectNode members) {

    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

    /** What a request asks for, whatever else is wrong with it. */
    public static Optional<AdminAction> action(JsonNode json) {
        return AdminAction.find(json.path("kind").asText(), json.path("verb").asText());
    }

    /**
     * Reads a request.
     *
     * @param usualAccount that is meant if none is named; may be empty
     * @throws AdminRefusal ValidationError, for what nobody knows too
     */
    public static AdminRequest of(JsonNode json, String usualAccount) {
        if (!(json instanceof ObjectNode members)) {
            throw AdminRefusal.invalid("A request is a JSON object.");
        }
        var kind = members.path("kind").asText();
        var verb = members.path("verb").asText();
        var action = action(json).orElseThrow(() -> AdminRefusal.invalid("There is no '" + kind + " " + verb + "'."));
        var known = new HashSet<>(List.of("kind", "verb", AdminParameter.ACCOUNT.member()));
        action.required().forEach(parameter -> known.add(parameter.member()));
        action.optional().forEach(parameter -> known.add(parameter.member()));
        members.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw AdminRefusal.invalid("'" + kind + " " + verb + "' has no '" + name + "'.");
            }
        });
        var account = members.path(AdminParameter.ACCOUNT.member()).asText(usualAccount);
        if (action != AdminAction.ACCOUNT_LIST && !isAccount(account)) {
            throw AdminRefusal.invalid("An account is twelve digits.");
        }
        var request = new AdminRequest(action, account, members);
        for (var parameter : action.required()) {
            if (parameter != AdminParameter.ACCOUNT && !members.hasNonNull(parameter.member())) {
                throw AdminRefusal.invalid("'" + parameter.member() + "' is missing.");
            }
        }
        // Before it is recorded what a request says: there may be something in it that must not be kept anywhere.
        request.optional(AdminParameter.KEYS)
                .ifPresent(keys -> members.put(AdminParameter.KEYS.member(), KeySets.publicKeys(keys)));
        return request;
    }

    /** Whether a text is twelve digits. */
    public static boolean isAccount(String text) {
        return ACCOUNT.matcher(text).matches();
    }

    /** A text that was required. */
    String text(AdminParameter parameter) {
        return optional(parameter).orElseThrow(() -> AdminRefusal.invalid("'" + parameter.member() + "' is missing."));
    }

    Optional<String> optional(AdminParameter parameter) {
        var value = members.path(parameter.member());
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw AdminRefusal.invalid("'" + parameter.member() + "' is a text.");
        }
        return Optional.of(value.textValue());
    }

    Optional<Integer> number(AdminParameter parameter) {
        var value = members.path(parameter.member());
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.canConvertToInt() || !value.isIntegralNumber()) {
            throw AdminRefusal.invalid("'" + parameter.member() + "' is a number.");
        }
        return Optional.of(value.intValue());
    }

    boolean flag(AdminParameter parameter) {
        var value = members.path(parameter.member());
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw AdminRefusal.invalid("'" + parameter.member() + "' is true or false.");
        }
        return value.booleanValue();
    }

    Optional<List<String>> list(AdminParameter parameter) {
        var value = members.path(parameter.member());
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isArray()) {
            throw AdminRefusal.invalid("'" + parameter.member() + "' is a list of texts.");
        }
        var texts = new ArrayList<String>();
        for (var item : value) {
            texts.add(text(item, parameter));
        }
        return Optional.of(texts);
    }

    Map<String, String> map(AdminParameter parameter) {
        var value = members.path(parameter.member());
        if (value.isMissingNode() || value.isNull()) {
            return Map.of();
        }
        if (!value.isObject()) {
            throw AdminRefusal.invalid("'" + parameter.member() + "' is an object of texts.");
        }
        var texts = new TreeMap<String, String>();
        value.properties().forEach(member -> texts.put(member.getKey(), text(member.getValue(), parameter)));
        return Collections.unmodifiableMap(texts);
    }

    private static String text(JsonNode value, AdminParameter parameter) {
        if (!value.isTextual()) {
            throw AdminRefusal.invalid("'" + parameter.member() + "' holds texts.");
        }
        return value.textValue();
    }
}
