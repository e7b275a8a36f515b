package dev.strongroom.gateway.admin;

import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.IdentityKind;
import dev.strongroom.hsm.protocol.IdentityName;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Page;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The HSM's records of who callers are, for one request. Its stages fail with {@link AdminRefusal} for an expected no. */
final class IdentityBook {

    /** How often a change is made anew when somebody else was faster. */
    private static final int ATTEMPTS = 5;

    private static final int PAGE = 100;

    private final Hsm hsm;
    private final Supplier<UUID> ids;
    private final UUID request;

    /**
     * @param ids of commands
     * @param request whom it is for
     */
    IdentityBook(Hsm hsm, Supplier<UUID> ids, UUID request) {
        this.hsm = hsm;
        this.ids = ids;
        this.request = request;
    }

    UUID newCommandId() {
        return ids.get();
    }

    CompletionStage<IdentityRecord> find(IdentityName name) {
        return call(new IdentityCommand.FindIdentity(name, Freshness.QUORUM), spoken(name))
                .thenApply(Reply.FoundIdentity::identity);
    }

    /** All of them; of an account that does not exist there are not none. */
    CompletionStage<List<IdentityRecord>> list(IdentityKind kind, String accountId) {
        return list(kind, accountId, new Page("", PAGE, 0), new ArrayList<>())
                .thenCompose(found -> found.isEmpty() && kind != IdentityKind.ACCOUNT
                        ? find(new IdentityName(IdentityKind.ACCOUNT, accountId, ""))
                                .thenApply(there -> found)
                        : CompletableFuture.completedFuture(found));
    }

    private CompletionStage<List<IdentityRecord>> list(
            IdentityKind kind, String accountId, Page page, List<IdentityRecord> before) {
        return call(new IdentityCommand.ListIdentities(kind, accountId, page), "The list")
                .thenCompose(part -> {
                    before.addAll(part.identities());
                    if (!part.truncated() || part.identities().isEmpty()) {
                        return CompletableFuture.completedFuture(before);
                    }
                    var last = before.get(before.size() - 1).name();
                    var after = kind == IdentityKind.ACCOUNT
                            ? last.accountId()
                            : last.name().toLowerCase(Locale.ROOT);
                    return list(kind, accountId, new Page(after, PAGE, part.index()), before);
                });
    }

    CompletionStage<IdentityRecord> create(IdentityRecord identity) {
        return call(new IdentityCommand.CreateIdentity(ids.get(), identity), spoken(identity.name()))
                .thenApply(Reply.FoundIdentity::identity);
    }

    /** Changes a record as it is now. */
    CompletionStage<IdentityRecord> change(IdentityName name, UnaryOperator<IdentityRecord> change) {
        return change(name, change, 1);
    }

    private CompletionStage<IdentityRecord> change(
            IdentityName name, UnaryOperator<IdentityRecord> change, int attempt) {
        return find(name).thenCompose(found -> {
            var wanted = change.apply(found);
            if (wanted.equals(found)) {
                return CompletableFuture.completedFuture(found);
            }
            return hsm.call(new IdentityCommand.ReplaceIdentity(ids.get(), wanted), request)
                    .thenApply(Reply.FoundIdentity::identity)
                    .exceptionallyCompose(failure -> {
                        var cause = cause(failure);
                        return attempt < ATTEMPTS
                                        && cause instanceof Refused refused
                                        && refused.refusal() == Refusal.STALE
                                ? change(name, change, attempt + 1)
                                : CompletableFuture.failedFuture(told(cause, spoken(name)));
                    });
        });
    }

    /** Which of those with these ARNs, at most 1,000, exist, and who they are. */
    CompletionStage<Reply.FoundPrincipals> principals(List<String> arns) {
        return call(new LookupCommand.FindPrincipals(arns), "Whoever is named");
    }

    CompletionStage<Reply.Done> delete(IdentityName name) {
        return call(new IdentityCommand.DeleteIdentity(ids.get(), name), spoken(name));
    }

    /** The answer, or the no in words about {@code what}. */
    <R extends Reply> CompletionStage<R> call(Command<R> command, String what) {
        return hsm.call(command, request)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(told(cause(failure), what)));
    }

    private static Throwable told(Throwable cause, String what) {
        return cause instanceof Refused refused ? AdminRefusal.of(refused, what) : cause;
    }

    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static String spoken(IdentityName name) {
        var kind = name.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return "The " + kind + " " + (name.kind() == IdentityKind.ACCOUNT ? name.accountId() : "'" + name.name() + "'");
    }
}
