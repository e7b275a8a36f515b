package dev.strongroom.api;

import dev.strongroom.api.Violations.Path;
import dev.strongroom.api.WireShape.Kind;
import dev.strongroom.api.WireShape.Member;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kms.model.DecryptRequest;
import software.amazon.awssdk.services.kms.model.ReEncryptRequest;

/**
 * The shape check: is each member of a request there if it must be, and of a legal length, range, pattern, value?
 *
 * <p>It knows nothing of keys and comes before any look-up. It finds everything that is wrong, in the order of the
 * model's members and, within one, null, length, pattern, value set; all of it goes into one text in the service's
 * words. Blobs and sensitive members are never shown.
 */
public final class MemberRules {

    private static final String IGNORE_CIPHERTEXT = "IGNORE_CIPHERTEXT";

    /** A member with its rule and, for a structure or a list of them, what it consists of. */
    private static final class Check {
        private final Member member;
        private final MemberRule rule;
        private final boolean required;
        private final List<Check> parts;
        private final String name;
        private final Path top;

        private Check(Operation operation, Member member, MemberRule rule, boolean required) {
            this.member = member;
            this.rule = rule;
            this.required = required;
            var structure = member.kind == Kind.LIST ? member.element().structure : member.structure;
            this.parts = structure == null ? List.of() : checks(operation, structure);
            this.name = Character.toLowerCase(member.name.charAt(0)) + member.name.substring(1);
            this.top = Path.member(null, name);
        }

        private Path path(@Nullable Path parent) {
            return parent == null ? top : Path.member(parent, name);
        }
    }

    private static final Map<Operation, List<Check>> CHECKS = new EnumMap<>(Operation.class);

    static {
        for (var operation : Operation.values()) {
            CHECKS.put(operation, checks(operation, WireShapes.request(operation)));
        }
    }

    private MemberRules() {}

    private static List<Check> checks(Operation operation, WireShape shape) {
        var top = shape == WireShapes.request(operation);
        var checks = new ArrayList<Check>();
        for (var member : shape.members()) {
            var rule = MemberTable.find(operation, member.name);
            if (rule == null) {
                throw new IllegalStateException("no rule for " + member.name + " of " + operation.wireName());
            }
            var required = top ? operation.required().contains(member.name) : rule.isRequired();
            checks.add(new Check(operation, member, rule, required));
        }
        return List.copyOf(checks);
    }

    /**
     * Checks the shape of a request.
     *
     * @throws KmsException {@link KmsError#VALIDATION}, naming all that is wrong
     */
    public static void check(Operation operation, SdkPojo request) {
        var checks = CHECKS.get(operation);
        if (checks == null) {
            throw new IllegalStateException("no checks for " + operation);
        }
        var violations = new Violations();
        for (var check : checks) {
            var value = check.member.value(request);
            var required = check.required || (value == null && needsCiphertext(request, check.member));
            checkMember(check, value, required, null, violations);
        }
        violations.throwIfAny();
    }

    /**
     * A ciphertext is optional in the model, for dry runs that say they bring none; every other request is refused as if
     * it were required.
     */
    private static boolean needsCiphertext(SdkPojo request, Member member) {
        if (!member.name.equals("CiphertextBlob")) {
            return false;
        } else if (request instanceof DecryptRequest decrypt) {
            return !ignoresCiphertext(decrypt.dryRun(), decrypt.dryRunModifiersAsStrings());
        } else if (request instanceof ReEncryptRequest reEncrypt) {
            return !ignoresCiphertext(reEncrypt.dryRun(), reEncrypt.dryRunModifiersAsStrings());
        }
        return false;
    }

    private static boolean ignoresCiphertext(@Nullable Boolean dryRun, List<String> modifiers) {
        return Boolean.TRUE.equals(dryRun) && modifiers.contains(IGNORE_CIPHERTEXT);
    }

    private static void checkMember(
            Check check, @Nullable Object value, boolean required, @Nullable Path parent, Violations violations) {
        if (value == null) {
            if (required) {
                check.rule.addNull(violations, check.path(parent));
            }
            return;
        }
        var path = check.path(parent);
        check.rule.check(check.member.kind, value, violations, path);
        switch (check.member.kind) {
            case LIST -> {
                var index = 1;
                for (var element : (List<?>) value) {
                    checkElement(check, element, path.element(index++), violations);
                }
            }
            case MAP -> {
                for (var entry : ((Map<?, ?>) value).entrySet()) {
                    checkElement(check, entry.getValue(), path.element(entry.getKey()), violations);
                }
            }
            case STRUCTURE -> checkStructure(check, (SdkPojo) value, path, violations);
            default -> {}
        }
    }

    private static void checkElement(Check check, @Nullable Object element, Path path, Violations violations) {
        var rule = check.rule.element();
        var kind = check.member.element().kind;
        if (element == null) {
            rule.addNull(violations, path);
        } else if (kind == Kind.STRUCTURE) {
            checkStructure(check, (SdkPojo) element, path, violations);
        } else {
            rule.check(kind, element, violations, path);
        }
    }

    private static void checkStructure(Check check, SdkPojo structure, Path path, Violations violations) {
        for (var part : check.parts) {
            checkMember(part, part.member.value(structure), part.required, path, violations);
        }
    }
}
