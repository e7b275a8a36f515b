package dev.strongroom.gateway.operation;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.authz.GrantConstraints;
import dev.strongroom.gateway.authz.GrantOperation;
import dev.strongroom.gateway.authz.GrantTerms;
import dev.strongroom.gateway.authz.Principal;
import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.Reply;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kms.model.CreateGrantRequest;
import software.amazon.awssdk.services.kms.model.GrantListEntry;

/** Grants as requests ask for them and as answers show them. */
final class GrantView {

    private GrantView() {}

    /**
     * What is asked for.
     *
     * @throws KmsException InvalidArn, or Validation if nobody or two are named where one must be
     */
    static GrantTerms terms(CreateGrantRequest request) {
        var grantee = one("Grantee", request.granteePrincipal(), request.granteeServicePrincipal())
                .orElseThrow(() -> oneOf("Grantee"));
        return new GrantTerms(
                grantee,
                one("Retiring", request.retiringPrincipal(), request.retiringServicePrincipal()),
                request.operationsAsStrings().stream()
                        .flatMap(name -> GrantOperation.find(name).stream())
                        .collect(Collectors.toUnmodifiableSet()),
                constraints(request.constraints()),
                Optional.ofNullable(request.name()).orElse(""));
    }

    /** Whoever is named, be it as principal or as service; at most one of them. */
    static Optional<Principal> one(String role, @Nullable String principal, @Nullable String service) {
        if (principal != null && service != null) {
            throw oneOf(role);
        }
        return principal == null
                ? Optional.ofNullable(service).map(Principal::ofServiceGrant)
                : Optional.of(Principal.ofGrant(principal));
    }

    static KmsException oneOf(String role) {
        return KmsException.of(
                KmsError.VALIDATION, "Specify exactly one of " + role + "Principal and " + role + "ServicePrincipal.");
    }

    private static GrantConstraints constraints(
            software.amazon.awssdk.services.kms.model.@Nullable GrantConstraints asked) {
        return asked == null
                ? GrantConstraints.none()
                : new GrantConstraints(
                        context(asked.hasEncryptionContextEquals(), asked.encryptionContextEquals()),
                        context(asked.hasEncryptionContextSubset(), asked.encryptionContextSubset()),
                        Optional.ofNullable(asked.sourceArn()));
    }

    private static Optional<Map<String, String>> context(boolean isGiven, Map<String, String> context) {
        return isGiven ? Optional.of(context) : Optional.empty();
    }

    static List<GrantListEntry> entries(Reply.GrantPage page) {
        return page.grants().stream().map(grant -> entry(grant, page.gone())).toList();
    }

    private static GrantListEntry entry(GrantRecord grant, Set<String> gone) {
        var terms = grant.terms();
        var entry = GrantListEntry.builder()
                .keyId(KeyChecks.arn(grant.key()))
                .grantId(grant.id())
                .name(terms.name())
                .creationDate(grant.created())
                .issuingAccount("arn:aws:iam::" + grant.issuingAccount() + ":root")
                .operationsWithStrings(terms.operations())
                .constraints(constraints(terms.constraints()));
        if (isService(terms.grantee())) {
            entry.granteeServicePrincipal(terms.grantee().name());
        } else {
            entry.granteePrincipal(shown(terms.grantee(), gone));
        }
        terms.retiring().ifPresent(retiring -> {
            if (isService(retiring)) {
                entry.retiringServicePrincipal(retiring.name());
            } else {
                entry.retiringPrincipal(shown(retiring, gone));
            }
        });
        return entry.build();
    }

    private static boolean isService(GrantRecord.Party party) {
        return !party.name().startsWith("arn:");
    }

    /** Who is gone is shown by unique id. */
    private static String shown(GrantRecord.Party party, Set<String> gone) {
        return gone.contains(party.meant()) ? party.meant() : party.name();
    }

    private static software.amazon.awssdk.services.kms.model.@Nullable GrantConstraints constraints(
            GrantRecord.Constraints constraints) {
        if (constraints.contextEquals().isEmpty()
                && constraints.contextSubset().isEmpty()
                && constraints.sourceArn().isEmpty()) {
            return null;
        }
        var shown = software.amazon.awssdk.services.kms.model.GrantConstraints.builder();
        constraints.contextEquals().ifPresent(shown::encryptionContextEquals);
        constraints.contextSubset().ifPresent(shown::encryptionContextSubset);
        constraints.sourceArn().ifPresent(shown::sourceArn);
        return shown.build();
    }
}
