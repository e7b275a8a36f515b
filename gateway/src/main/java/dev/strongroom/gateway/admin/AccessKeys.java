package dev.strongroom.gateway.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.strongroom.hsm.protocol.IdentityArn;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.IdentityKind;
import dev.strongroom.hsm.protocol.IdentityName;
import dev.strongroom.hsm.protocol.IdentityRecord;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Access keys of users and account roots. */
final class AccessKeys {

    private static final String LABEL = "accessKey";

    private final IdentityBook book;
    private final CredentialSource credentials;
    private final AdminRequest request;

    AccessKeys(IdentityBook book, CredentialSource credentials, AdminRequest request) {
        this.book = book;
        this.credentials = credentials;
        this.request = request;
    }

    /** An access key of the root is asked for by its name only: who forgets the user must not get one. */
    CompletionStage<ObjectNode> create() {
        if (request.flag(AdminParameter.ROOT)
                == request.optional(AdminParameter.USER).isPresent()) {
            throw AdminRefusal.invalid("Whose access key? Name a 'user', or say that 'root' is true; not both.");
        }
        return holder().thenCompose(this::create);
    }

    private CompletionStage<ObjectNode> create(String holderArn) {
        var id = credentials.newId("AKIA");
        var secret = credentials.newSecret();
        var shown = secret.use(octets -> new String(octets, StandardCharsets.US_ASCII));
        var command =
                new IdentityCommand.CreateAccessKey(book.newCommandId(), id, request.account(), holderArn, secret);
        return book.call(command, "The access key of " + holderArn)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        IdentityBook.cause(failure) instanceof AdminRefusal no
                                        && no.code().equals(AdminRefusal.LIMIT)
                                ? AdminRefusal.limit(
                                        holderArn + " has two access keys, the most there may be. Delete one"
                                                + " first: access-key list shows them, access-key delete removes one.")
                                : failure))
                .thenCompose(done -> book.find(name(id)))
                .thenApply(made -> {
                    var json = IdentityJson.of(made).put("secretAccessKey", shown);
                    return IdentityJson.object().<ObjectNode>set(LABEL, json);
                });
    }

    CompletionStage<ObjectNode> list() {
        return holder().thenCompose(arn -> book.list(IdentityKind.ACCESS_KEY, request.account())
                .thenApply(found -> IdentityJson.many(
                        LABEL + "s",
                        found.stream()
                                .filter(key ->
                                        request.optional(AdminParameter.USER).isEmpty()
                                                || ((IdentityRecord.AccessKey) key)
                                                        .identity()
                                                        .principalArn()
                                                        .equals(arn))
                                .toList())));
    }

    CompletionStage<ObjectNode> setActive(boolean active) {
        return setActive(request.text(AdminParameter.ACCESS_KEY_ID), active)
                .thenApply(changed -> IdentityJson.one(LABEL, changed));
    }

    private CompletionStage<IdentityRecord> setActive(String id, boolean active) {
        return book.change(name(id), found -> {
            var key = (IdentityRecord.AccessKey) found;
            return new IdentityRecord.AccessKey(key.identity(), active, key.created());
        });
    }

    CompletionStage<ObjectNode> rotate() {
        var old = request.text(AdminParameter.ACCESS_KEY_ID);
        return book.find(name(old))
                .thenCompose(found ->
                        create(((IdentityRecord.AccessKey) found).identity().principalArn()))
                .thenCompose(made -> request.flag(AdminParameter.KEEP_ENABLED)
                        ? CompletableFuture.completedFuture(made)
                        : setActive(old, false)
                                .thenApply(disabled -> made.<ObjectNode>set("replaced", IdentityJson.of(disabled))));
    }

    CompletionStage<ObjectNode> delete() {
        return book.delete(name(request.text(AdminParameter.ACCESS_KEY_ID))).thenApply(done -> IdentityJson.object());
    }

    /** The ARN of the user that the request names, who exists; of the root if it names none. */
    private CompletionStage<String> holder() {
        return request.optional(AdminParameter.USER)
                .map(user -> book.find(new IdentityName(IdentityKind.USER, request.account(), user))
                        .thenApply(found ->
                                ((IdentityRecord.Principal) found).holder().arn()))
                .orElseGet(() -> CompletableFuture.completedFuture(IdentityArn.root(request.account())));
    }

    private IdentityName name(String id) {
        return new IdentityName(IdentityKind.ACCESS_KEY, request.account(), id);
    }
}
