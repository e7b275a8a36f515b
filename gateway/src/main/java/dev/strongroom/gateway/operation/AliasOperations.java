package dev.strongroom.gateway.operation;

import dev.strongroom.api.KeyRef;
import dev.strongroom.api.KeySpecs;
import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.api.Operation;
import dev.strongroom.gateway.authz.Resource;
import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.AliasRecord;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Scope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kms.model.AliasListEntry;
import software.amazon.awssdk.services.kms.model.CreateAliasRequest;
import software.amazon.awssdk.services.kms.model.CreateAliasResponse;
import software.amazon.awssdk.services.kms.model.DeleteAliasRequest;
import software.amazon.awssdk.services.kms.model.DeleteAliasResponse;
import software.amazon.awssdk.services.kms.model.ListAliasesRequest;
import software.amazon.awssdk.services.kms.model.ListAliasesResponse;
import software.amazon.awssdk.services.kms.model.UpdateAliasRequest;
import software.amazon.awssdk.services.kms.model.UpdateAliasResponse;

/** CreateAlias, UpdateAlias, DeleteAlias and ListAliases. */
final class AliasOperations {

    private static final int DEFAULT_PAGE = 50;
    private static final int MAXIMUM_PAGE = 100;

    private AliasOperations() {}

    static Map<Operation, OperationRow<?, ?>> rows() {
        return Map.of(
                Operation.CREATE_ALIAS,
                change(AliasOperations::createNeeds, AliasOperations::createPermissions, AliasOperations::createAlias),
                Operation.UPDATE_ALIAS,
                change(AliasOperations::updateNeeds, AliasOperations::updatePermissions, AliasOperations::updateAlias),
                Operation.DELETE_ALIAS,
                change(AliasOperations::deleteNeeds, AliasOperations::deletePermissions, AliasOperations::deleteAlias),
                Operation.LIST_ALIASES,
                change(AliasOperations::listNeeds, AliasOperations::listPermissions, AliasOperations::listAliases));
    }

    private static <Q extends SdkPojo, T extends SdkPojo> OperationRow<Q, T> change(
            OperationRow.Needs<Q> needs,
            OperationRow.Permissions<Q> permissions,
            OperationRow.Decision<Q, T> decision) {
        return new OperationRow<>(needs, permissions, decision, Freshness.LOCAL, request -> false);
    }

    private static List<KeyNeed> createNeeds(CreateAliasRequest request, RequestContext context) {
        requireOwnName(request.aliasName());
        return List.of(target(request.targetKeyId(), "kms:CreateAlias", context));
    }

    private static List<Permission> createPermissions(
            CreateAliasRequest request, List<NamedKey> keys, RequestContext context) {
        return List.of(
                onAlias(request.aliasName(), "kms:CreateAlias", context),
                keys.get(0).permission());
    }

    /** On the alias, as identity policies name it; the keys that it leaves and comes to are asked for beside. */
    private static Permission onAlias(String name, String action, RequestContext context) {
        var alias = new AliasName(context.scope(), name);
        return Permission.on(new Resource.Alias(context.scope().accountId(), arn(alias)), action);
    }

    private static Plan<CreateAliasResponse> createAlias(
            CreateAliasRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var target = keys.get(0);
        KeyChecks.requireNotPendingDeletion(target.key());
        var name = new AliasName(context.scope(), request.aliasName());
        return new Plan.Ask<>(
                new ChangeCommand.CreateAlias(context.ids().commandId(), name, context.authority(target)),
                done -> CreateAliasResponse.builder().build(),
                refused -> refusal(refused, name));
    }

    private static List<KeyNeed> updateNeeds(UpdateAliasRequest request, RequestContext context) {
        requireOwnName(request.aliasName());
        return List.of(
                KeyNeeds.alias(request.aliasName(), "kms:UpdateAlias", context),
                target(request.targetKeyId(), "kms:UpdateAlias", context));
    }

    private static List<Permission> updatePermissions(
            UpdateAliasRequest request, List<NamedKey> keys, RequestContext context) {
        return List.of(
                onAlias(request.aliasName(), "kms:UpdateAlias", context),
                keys.get(0).permissionOnKeyAlone(),
                keys.get(1).permission());
    }

    private static Plan<UpdateAliasResponse> updateAlias(
            UpdateAliasRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var current = keys.get(0);
        var target = keys.get(1);
        KeyChecks.requireNotPendingDeletion(target.key());
        requireSameKind(request.aliasName(), current.key(), target.key());
        var name = new AliasName(context.scope(), request.aliasName());
        return new Plan.Ask<>(
                new ChangeCommand.UpdateAlias(
                        context.ids().commandId(), alias(current).stamp(), context.authority(target)),
                done -> UpdateAliasResponse.builder().build(),
                refused -> refusal(refused, name));
    }

    private static List<KeyNeed> deleteNeeds(DeleteAliasRequest request, RequestContext context) {
        requireOwnName(request.aliasName());
        return List.of(KeyNeeds.alias(request.aliasName(), "kms:DeleteAlias", context));
    }

    private static List<Permission> deletePermissions(
            DeleteAliasRequest request, List<NamedKey> keys, RequestContext context) {
        return List.of(
                onAlias(request.aliasName(), "kms:DeleteAlias", context),
                keys.get(0).permissionOnKeyAlone());
    }

    private static Plan<DeleteAliasResponse> deleteAlias(
            DeleteAliasRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var current = keys.get(0);
        return new Plan.Ask<>(
                new ChangeCommand.DeleteAlias(
                        context.ids().commandId(), alias(current).stamp(), context.authority()),
                done -> DeleteAliasResponse.builder().build());
    }

    private static List<KeyNeed> listNeeds(ListAliasesRequest request, RequestContext context) {
        return request.keyId() == null ? List.of() : List.of(KeyNeeds.key(request.keyId(), "kms:ListAliases", context));
    }

    /** A key of another account is asked for on its own, so that nobody learns from an empty list that there is one. */
    private static List<Permission> listPermissions(
            ListAliasesRequest request, List<NamedKey> keys, RequestContext context) {
        var account = context.scope().accountId();
        var listing = Permission.on(new Resource.Any(account), "kms:ListAliases");
        var foreign = keys.stream()
                .filter(key -> !key.isSeen()
                        || !key.found().key().name().scope().accountId().equals(account))
                .map(NamedKey::permission);
        return Stream.concat(foreign, Stream.of(listing)).toList();
    }

    private static Plan<ListAliasesResponse> listAliases(
            ListAliasesRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        Optional<String> filter = keys.isEmpty()
                ? Optional.empty()
                : Optional.of(keys.get(0).key().name().keyId());
        var list = "ListAliases/" + context.scope() + "/" + filter.orElse("");
        var page = Marker.page(request.marker(), request.limit(), DEFAULT_PAGE, MAXIMUM_PAGE, list);
        return new Plan.Ask<>(
                new LookupCommand.ListAliases(context.scope(), filter, page, context.authority()), reply -> {
                    var aliases = reply.aliases();
                    var response = ListAliasesResponse.builder()
                            .aliases(
                                    aliases.stream().map(AliasOperations::entry).toList())
                            .truncated(reply.truncated());
                    if (reply.truncated()) {
                        var last = aliases.get(aliases.size() - 1).name().name();
                        response.nextMarker(Marker.after(last, reply.index(), list));
                    }
                    return response.build();
                });
    }

    private static AliasListEntry entry(AliasRecord alias) {
        return AliasListEntry.builder()
                .aliasName(alias.name().name())
                .aliasArn(arn(alias.name()))
                .targetKeyId(alias.targetKeyId())
                .creationDate(alias.created())
                .lastUpdatedDate(alias.updated())
                .build();
    }

    private static AliasRecord alias(Reply.FoundKey found) {
        return found.alias().orElseThrow(() -> new IllegalStateException("a key found by an alias comes with it"));
    }

    /** The rules that go beyond the shape of the member (developer guide, "Create an alias"). */
    private static void requireOwnName(String name) {
        if (!name.startsWith("alias/")) {
            throw KmsException.of(
                    KmsError.VALIDATION,
                    "Alias must start with the prefix \"alias/\". Please see"
                            + " https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html");
        }
        if (name.startsWith("alias/aws/")) {
            throw KmsException.of(KmsError.NOT_AUTHORIZED);
        }
        if (name.length() == "alias/".length() || name.indexOf(':') >= 0) {
            throw KmsException.of(KmsError.VALIDATION, name + " contains invalid characters for an alias");
        }
    }

    private static KeyNeed target(String keyId, String action, RequestContext context) {
        if (KeyRef.parse(keyId) instanceof KeyRef.Alias) {
            throw KmsException.of(KmsError.VALIDATION, "Aliases must refer to keys. Not aliases");
        }
        return KeyNeeds.key(keyId, action, context);
    }

    private static void requireSameKind(String alias, KeyRecord current, KeyRecord target) {
        requireSame("key type", alias, kind(current), kind(target));
        requireSame(
                "key usage",
                alias,
                current.attributes().usage().name(),
                target.attributes().usage().name());
    }

    private static void requireSame(String what, String alias, String current, String target) {
        if (!current.equals(target)) {
            throw KmsException.of(
                    KmsError.VALIDATION,
                    "Alias " + alias + " cannot be changed from a CMK with " + what + " " + current + " to a CMK with "
                            + what + " " + target + ". The " + what
                            + " of the current CMK and the new CMK must be the same.");
        }
    }

    private static String kind(KeyRecord key) {
        var spec = key.attributes().spec().name();
        return KeySpecs.isAsymmetric(spec) ? "ASYMMETRIC" : KeySpecs.isMac(spec) ? "HMAC" : "SYMMETRIC";
    }

    private static Optional<KmsException> refusal(Refused refused, AliasName name) {
        return switch (refused.refusal()) {
            case ALREADY_EXISTS ->
                Optional.of(KmsException.of(
                        KmsError.ALREADY_EXISTS, "An alias with the name " + arn(name) + " already exists"));
            case LIMIT_EXCEEDED ->
                Optional.of(KmsException.of(
                        KmsError.LIMIT_EXCEEDED,
                        "Aliases per key quota for this account in this region is 50, current usage is "
                                + refused.detail() + "."));
            default -> Optional.empty();
        };
    }

    private static String arn(AliasName name) {
        Scope scope = name.scope();
        return KeyRef.aliasArn(scope.region(), scope.accountId(), name.name());
    }
}
