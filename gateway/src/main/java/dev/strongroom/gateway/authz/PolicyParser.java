package dev.strongroom.gateway.authz;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.authz.PolicyDocument.Version;
import dev.strongroom.gateway.authz.Selection.Sense;
import dev.strongroom.gateway.authz.Statement.Effect;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one policy document; used once. It accepts what the grammar says and nothing else (IAM user guide, "Grammar of
 * the IAM JSON policy language"): no unknown or repeated element, since two readers could take it for two policies. It
 * follows the grammar, not the input, so nesting costs nothing.
 *
 * <p>Refusals of principals, ARNs and set operators have KMS's words. For all others no record is known: code as
 * documented, words our own, with the line at fault.
 */
final class PolicyParser {

    /** A value in an array in a condition in a statement is seven deep. */
    private static final int MAX_DEPTH = 16;

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(KeyPolicy.MAX_BYTES)
                    .maxNameLength(KeyPolicy.MAX_BYTES)
                    .build())
            .build();

    private static final Pattern ACTION = Pattern.compile("\\*|[A-Za-z0-9*?-]+:[A-Za-z0-9*?_-]+");
    private static final int ARN_PARTS = 6;

    private static final Pattern IDENTITY_SID = Pattern.compile("[A-Za-z0-9]*");

    /** What a policy hangs on decides which elements its statements have. */
    enum Grammar {
        /**
         * A KMS key (developer guide, "Key policies in AWS KMS"): names of statements may hold spaces, Action and Resource
         * may be missing.
         */
        KEY,
        /** A user, group, role, boundary or session: whom it is about goes without saying. */
        IDENTITY,
        /** A role that others may assume: what it is about goes without saying. */
        TRUST
    }

    private final JsonParser json;
    private final Grammar grammar;
    private final Set<String> sids = new HashSet<>();

    private PolicyParser(JsonParser json, Grammar grammar) {
        this.json = json;
        this.grammar = grammar;
    }

    /** @throws KmsException MalformedPolicyDocument or InvalidArn */
    static PolicyDocument parse(String text, Grammar grammar) {
        try (var json = JSON.createParser(text)) {
            var parser = new PolicyParser(json, grammar);
            try {
                return parser.document();
            } catch (IOException e) {
                throw parser.malformed("it is not valid JSON, or repeats an element");
            }
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory opens and closes", e);
        }
    }

    private PolicyDocument document() throws IOException {
        json.nextToken();
        require(JsonToken.START_OBJECT, "it is not a JSON object");
        var version = Version.V2008_10_17;
        var id = "";
        var statements = List.<Statement>of();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var element = json.currentName();
            json.nextToken();
            switch (element) {
                case "Version" -> version = version(string());
                case "Id" -> id = string();
                case "Statement" -> statements = statements();
                default -> throw malformed("it has an unknown element");
            }
        }
        if (json.nextToken() != null) {
            throw malformed("it goes on after its end");
        }
        if (statements.isEmpty()) {
            throw malformed("it has no Statement");
        }
        requireReadable(statements, version);
        return new PolicyDocument(version, id, statements);
    }

    /** Only at the end it is known whether what looks like a variable is one. */
    private void requireReadable(List<Statement> statements, Version version) {
        for (var statement : statements) {
            if (!statement.conditions().stream()
                    .allMatch(condition -> ConditionSyntax.isReadable(condition, version))) {
                throw malformed(
                        "a condition has a variable where its operator needs a value, and the Version has none");
            }
        }
    }

    private Version version(String text) {
        return switch (text) {
            case "2012-10-17" -> Version.V2012_10_17;
            case "2008-10-17" -> Version.V2008_10_17;
            default -> throw malformed("its Version must be 2012-10-17 or 2008-10-17");
        };
    }

    private List<Statement> statements() throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            return List.of(statement());
        }
        var statements = new ArrayList<Statement>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            statements.add(statement());
        }
        return statements;
    }

    private Statement statement() throws IOException {
        require(JsonToken.START_OBJECT, "a Statement is not an object");
        var sid = "";
        Effect effect = null;
        Selection<Principal> principals = null;
        Selection<WildcardPattern> actions = null;
        Selection<WildcardPattern> resources = null;
        var conditions = List.<Condition>of();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var element = json.currentName();
            json.nextToken();
            switch (element) {
                case "Sid" -> sid = string();
                case "Effect" -> effect = effect(string());
                case "Principal", "NotPrincipal" -> principals = once(principals, element, principals());
                case "Action", "NotAction" -> actions = once(actions, element, actions());
                case "Resource", "NotResource" -> resources = once(resources, element, resources());
                case "Condition" -> conditions = conditions();
                default -> throw malformed("a Statement has an unknown element");
            }
        }
        if (effect == null) {
            throw malformed("a Statement lacks its Effect");
        }
        requireElements(principals, actions, resources);
        requireSid(sid);
        return new Statement(
                sid,
                effect,
                orNothing(principals),
                orNothing(actions),
                grammar == Grammar.TRUST ? new Selection<>(Sense.ALL_BUT_LISTED, List.of()) : orNothing(resources),
                conditions);
    }

    private void requireElements(@Nullable Object principals, @Nullable Object actions, @Nullable Object resources) {
        if ((principals == null) != (grammar == Grammar.IDENTITY)) {
            throw malformed(
                    grammar == Grammar.IDENTITY ? "a Statement has a Principal" : "a Statement lacks its Principal");
        }
        if (grammar != Grammar.KEY && actions == null) {
            throw malformed("a Statement lacks its Action");
        }
        if (grammar == Grammar.IDENTITY && resources == null) {
            throw malformed("a Statement lacks its Resource");
        }
        if (grammar == Grammar.TRUST && resources != null) {
            throw malformed("a Statement has a Resource");
        }
    }

    private void requireSid(String sid) {
        if (grammar != Grammar.KEY && !IDENTITY_SID.matcher(sid).matches()) {
            throw malformed("a Sid has other characters than letters and digits");
        }
        if (grammar != Grammar.KEY && !sid.isEmpty() && !sids.add(sid)) {
            throw malformed("two Statements have one Sid");
        }
    }

    private Effect effect(String text) {
        return switch (text) {
            case "Allow" -> Effect.ALLOW;
            case "Deny" -> Effect.DENY;
            default -> throw malformed("an Effect must be Allow or Deny");
        };
    }

    /** An element and its {@code Not} form exclude each other. */
    private <E> Selection<E> once(@Nullable Selection<E> before, String element, List<E> elements) {
        if (before != null) {
            throw malformed("a Statement has both " + element + " and its opposite");
        }
        return new Selection<>(element.startsWith("Not") ? Sense.ALL_BUT_LISTED : Sense.LISTED, elements);
    }

    private static <E> Selection<E> orNothing(@Nullable Selection<E> selection) {
        return selection == null ? Selection.nothing() : selection;
    }

    private List<Principal> principals() throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING && json.getText().equals("*")) {
            return List.of(PrincipalSyntax.aws("*"));
        }
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw PrincipalSyntax.invalid();
        }
        var principals = new ArrayList<Principal>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var kind = json.currentName();
            json.nextToken();
            for (var name : strings()) {
                principals.add(
                        switch (kind) {
                            case "AWS" -> PrincipalSyntax.aws(name);
                            case "Service" -> PrincipalSyntax.service(name);
                            case "Federated" -> PrincipalSyntax.federated(name);
                            default -> throw PrincipalSyntax.invalid();
                        });
            }
        }
        if (principals.isEmpty()) {
            throw PrincipalSyntax.invalid();
        }
        return principals;
    }

    private List<WildcardPattern> actions() throws IOException {
        var actions = new ArrayList<WildcardPattern>();
        for (var action : strings()) {
            if (!ACTION.matcher(action).matches()) {
                throw malformed("an Action is neither \"*\" nor of the form service:name");
            }
            actions.add(new WildcardPattern(action.toLowerCase(Locale.ROOT)));
        }
        return actions;
    }

    private List<WildcardPattern> resources() throws IOException {
        var resources = new ArrayList<WildcardPattern>();
        for (var resource : strings()) {
            boolean arn = resource.startsWith("arn:") && resource.split(":", ARN_PARTS).length == ARN_PARTS;
            if (!arn && !resource.equals("*")) {
                throw grammar == Grammar.KEY
                        ? PrincipalSyntax.invalidArn()
                        : malformed("a Resource is neither an ARN nor \"*\"");
            }
            resources.add(new WildcardPattern(resource));
        }
        return resources;
    }

    private List<Condition> conditions() throws IOException {
        require(JsonToken.START_OBJECT, "a Condition is not an object");
        var conditions = new ArrayList<Condition>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var operator = json.currentName();
            json.nextToken();
            require(JsonToken.START_OBJECT, "a condition operator is not followed by an object");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                var key = json.currentName();
                json.nextToken();
                conditions.add(condition(operator, key, values()));
            }
        }
        return conditions;
    }

    private Condition condition(String operator, String key, List<String> values) {
        var condition = ConditionSyntax.find(operator, key, values)
                .orElseThrow(() ->
                        malformed("a condition has an unknown operator, or a key without the name of its service"));
        if (!ConditionSyntax.isReadable(condition, Version.V2012_10_17)) {
            throw malformed("a condition has a value that its operator cannot read");
        }
        if (grammar == Grammar.KEY) {
            ConditionSyntax.requireNotOverlyPermissive(condition);
        }
        return condition;
    }

    /** What a condition compares with: one or many, and numbers and booleans need no quotes. */
    private List<String> values() throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            return List.of(scalar());
        }
        var values = new ArrayList<String>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            values.add(scalar());
        }
        return values;
    }

    private String scalar() throws IOException {
        var token = json.currentToken();
        if (token == JsonToken.VALUE_NULL || !token.isScalarValue()) {
            throw malformed("a condition value is no string, number or boolean");
        }
        return json.getText();
    }

    private List<String> strings() throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            return List.of(string());
        }
        var strings = new ArrayList<String>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            strings.add(string());
        }
        if (strings.isEmpty()) {
            throw malformed("a list is empty");
        }
        return strings;
    }

    private String string() throws IOException {
        require(JsonToken.VALUE_STRING, "a value is not a string");
        return json.getText();
    }

    private void require(JsonToken token, String otherwise) {
        if (json.currentToken() != token) {
            throw malformed(otherwise);
        }
    }

    private KmsException malformed(String reason) {
        return KmsException.of(
                KmsError.MALFORMED_POLICY_DOCUMENT,
                "The policy cannot be used: " + reason + " (line "
                        + json.currentLocation().getLineNr() + ").");
    }
}
