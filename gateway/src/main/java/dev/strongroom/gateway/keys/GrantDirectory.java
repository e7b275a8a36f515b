package dev.strongroom.gateway.keys;

import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.authz.Grant;
import dev.strongroom.gateway.authz.GrantIndex;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.GrantAddress;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.Refused;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Grants by what requests need them for. Those found are remembered, as keys are ({@link KeyDirectory}): a yes says with
 * its stamp which grant it rests on, and the HSM knows whether that one has ended. That nothing was found is not.
 */
public final class GrantDirectory {

    private static final int CAPACITY = 10_000;
    /** Answers to requests with a longer encryption context, in characters, are not remembered. */
    private static final int LONGEST_CONTEXT = 1_024;

    private final Hsm hsm;
    private final FreshReads budget;
    private final Recent<GrantCommand.FindGrants, GrantIndex> known = new Recent<>(CAPACITY, gone -> {});
    private final SharedReads<GrantCommand.FindGrants, GrantIndex> local = new SharedReads<>();
    private final SharedReads<GrantCommand.FindGrants, GrantIndex> fresh = new SharedReads<>();

    /**
     * @param budget what doubts about grants may cost
     */
    public GrantDirectory(Hsm hsm, FreshReads budget) {
        this.hsm = hsm;
        this.budget = budget;
    }

    /**
     * A grant; empty if there is none, or none that this gateway may see.
     *
     * @param source who is to answer for it if it must be fresh; the stage fails with ThrottlingException if that is one read
     *     too many
     */
    public CompletionStage<Optional<GrantRecord>> find(GrantAddress address, Freshness freshness, String source) {
        if (freshness == Freshness.QUORUM) {
            try {
                budget.take(source);
            } catch (KmsException throttled) {
                return CompletableFuture.failedStage(throttled);
            }
        }
        return hsm.call(new GrantCommand.FindGrant(address, freshness))
                .handle((found, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.completedStage(Optional.of(found.grant()));
                    }
                    return isMissing(failure)
                            ? CompletableFuture.completedStage(Optional.<GrantRecord>empty())
                            : CompletableFuture.<Optional<GrantRecord>>failedStage(Failures.cause(failure));
                })
                .thenCompose(stage -> stage);
    }

    private static boolean isMissing(Throwable failure) {
        return Failures.cause(failure) instanceof Refused refused
                && switch (refused.refusal()) {
                    case NOT_FOUND, MALFORMED, NOT_PERMITTED -> true;
                    default -> false;
                };
    }

    /** Grants that could allow a request; what is remembered will do unless {@code question} asks for fresh ones. */
    public CompletionStage<GrantIndex> find(GrantCommand.FindGrants question) {
        if (question.freshness() == Freshness.QUORUM) {
            return fresh.next(question, () -> read(question));
        }
        var remembered = known.find(question);
        return remembered.isPresent()
                ? CompletableFuture.completedStage(remembered.get())
                : local.any(question, () -> read(question));
    }

    private CompletionStage<GrantIndex> read(GrantCommand.FindGrants question) {
        return hsm.call(question).thenApply(found -> {
            var index = GrantIndex.of(found.grants().stream().map(Grant::of).toList());
            var place = new GrantCommand.FindGrants(
                    question.key(), question.principals(), question.operations(), question.contexts(), Freshness.LOCAL);
            if (index.size() == 0) {
                known.remove(place);
            } else if (length(question.contexts()
                            .map(GrantCommand.FindGrants.Contexts::pairs)
                            .orElse(Map.of()))
                    <= LONGEST_CONTEXT) {
                known.put(place, index);
            }
            return index;
        });
    }

    private static int length(Map<String, String> context) {
        int length = 0;
        for (var pair : context.entrySet()) {
            length += pair.getKey().length() + pair.getValue().length();
        }
        return length;
    }
}
