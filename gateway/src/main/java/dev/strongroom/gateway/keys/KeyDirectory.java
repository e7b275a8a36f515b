package dev.strongroom.gateway.keys;

import dev.strongroom.gateway.authz.KeyAliases;
import dev.strongroom.hsm.protocol.AliasRecord;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Stamp;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The records of KMS keys by what callers call them. What was found is remembered; that nothing was found is not.
 *
 * <p>A remembered record may be old. Whoever says <em>yes</em> because of it says so with its stamp, and the HSM knows
 * better; whoever would say <em>no</em> asks {@link #findFresh} first.
 */
public final class KeyDirectory {

    private static final int CAPACITY = 100_000;

    /** Of keys whose aliases are remembered: each has up to 50, of up to 256 characters. */
    private static final int CAPACITY_OF_ALIASES = 10_000;

    /** A record without its revision. */
    private record RecordName(long high, long low) {
        private static RecordName of(Stamp stamp) {
            return new RecordName(stamp.idHigh(), stamp.idLow());
        }
    }

    /** Where an address led. */
    private record Pointer(RecordName key, Optional<AliasRecord> alias) {}

    private final Hsm hsm;
    private final FreshReads budget;
    private final Recent<KeyAddress, Pointer> pointers = new Recent<>(CAPACITY, gone -> {});
    private final Recent<RecordName, KeyRecord> records = new Recent<>(CAPACITY, gone -> {});
    private final Recent<KeyName, KeyAliases> aliases = new Recent<>(CAPACITY_OF_ALIASES, gone -> {});
    private final SharedReads<LookupCommand.FindKey, Optional<Reply.FoundKey>> local = new SharedReads<>();
    private final SharedReads<LookupCommand.FindKey, Optional<Reply.FoundKey>> fresh = new SharedReads<>();

    /**
     * @param budget what doubts about remembered records may cost
     */
    public KeyDirectory(Hsm hsm, FreshReads budget) {
        this.hsm = hsm;
        this.budget = budget;
    }

    /** The key as far as known here or at a node; empty if neither knows it. */
    public CompletionStage<Optional<Reply.FoundKey>> find(KeyAddress address) {
        var known = known(address);
        if (known.isPresent()) {
            return CompletableFuture.completedStage(known);
        }
        var question = new LookupCommand.FindKey(address, Freshness.LOCAL);
        return local.any(question, () -> read(question));
    }

    /**
     * The key as it is: a quorum read that begins after this call, which it may share with others.
     *
     * @param authority what else must be as it was seen; the stage fails with STALE if it is not
     */
    public CompletionStage<Optional<Reply.FoundKey>> findFresh(KeyAddress address, List<Stamp> authority) {
        var question = new LookupCommand.FindKey(address, Freshness.QUORUM, authority);
        return fresh.next(question, () -> read(question));
    }

    /**
     * As {@link #findFresh}, for a request that could do without if it were not about to be refused.
     *
     * @param source who is to answer for the read; the stage fails with ThrottlingException if it causes too many
     */
    public CompletionStage<Optional<Reply.FoundKey>> findFreshInDoubt(
            KeyAddress address, List<Stamp> authority, String source) {
        var question = new LookupCommand.FindKey(address, Freshness.QUORUM, authority);
        return fresh.next(question, () -> {
            budget.take(source);
            return read(question);
        });
    }

    /** All aliases of a key, for the few policies that ask; remembered, as a yes rests on the record that lists them. */
    public CompletionStage<KeyAliases> aliases(KeyName key, Freshness freshness) {
        var known = freshness == Freshness.LOCAL ? aliases.find(key) : Optional.<KeyAliases>empty();
        if (known.isPresent()) {
            return CompletableFuture.completedStage(known.get());
        }
        return hsm.call(new LookupCommand.FindAliasNames(key, freshness)).thenApply(found -> {
            var all = new KeyAliases(List.of(found.stamp()), found.names());
            aliases.put(key, all);
            return all;
        });
    }

    /** Remembers a record that the HSM sent along, unless a newer one is known. */
    public void refresh(KeyRecord record) {
        var name = RecordName.of(record.stamp());
        synchronized (records) {
            var known = records.find(name);
            if (known.isEmpty() || known.get().newestRevision() <= record.newestRevision()) {
                records.put(name, record);
            }
        }
    }

    private Optional<Reply.FoundKey> known(KeyAddress address) {
        return pointers.find(address)
                .flatMap(pointer -> records.find(pointer.key()).map(key -> new Reply.FoundKey(key, pointer.alias())));
    }

    private CompletionStage<Optional<Reply.FoundKey>> read(LookupCommand.FindKey question) {
        var address = question.address();
        return hsm.call(question)
                .handle((found, failure) -> {
                    if (failure == null) {
                        refresh(found.key());
                        pointers.put(
                                address, new Pointer(RecordName.of(found.key().stamp()), found.alias()));
                        return CompletableFuture.completedStage(Optional.of(found));
                    }
                    pointers.remove(address);
                    return isMissing(failure)
                            ? CompletableFuture.completedStage(Optional.<Reply.FoundKey>empty())
                            : CompletableFuture.<Optional<Reply.FoundKey>>failedStage(Failures.cause(failure));
                })
                .thenCompose(stage -> stage);
    }

    /** What no key can be called, or what this gateway may not see, is as missing as what no key is called. */
    private static boolean isMissing(Throwable failure) {
        return Failures.cause(failure) instanceof Refused refused
                && switch (refused.refusal()) {
                    case NOT_FOUND, MALFORMED, NOT_PERMITTED -> true;
                    default -> false;
                };
    }
}
