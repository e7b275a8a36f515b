package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.store.RecordStore;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.node.vault.Stored;
import dev.strongroom.hsm.node.vault.VaultIndex;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.GrantAddress;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.Page;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looking at grants. Those of a key whose deletion date has passed are not there. */
final class GrantReads {

    private static final int MOST_FITTING = 16;

    private final RecordStore store;
    private final KeyVault vault;
    private final KeyReads keys;

    GrantReads(NodeParts parts, KeyReads keys) {
        this.store = parts.store();
        this.vault = parts.vault();
        this.keys = keys;
    }

    CompletionStage<Reply.FoundGrant> findGrant(HsmUser user, GrantCommand.FindGrant command) {
        if (command.address() instanceof GrantAddress.ById by) {
            Permits.require(user, by.key().scope());
        }
        return read(
                command.freshness(),
                index -> found(index, command.address())
                        .map(stored -> stored.content().grant())
                        // Whoever is not made for the account cannot tell its tokens from noise.
                        .filter(grant -> user.serves(grant.key().scope()))
                        .filter(grant -> keys.live(index, grant.key()).isPresent())
                        .map(Reply.FoundGrant::new)
                        .orElseThrow(() -> new Refused(Refusal.NOT_FOUND)));
    }

    private Optional<Stored<Content.Grant>> found(VaultIndex index, GrantAddress address) {
        if (address instanceof GrantAddress.ById by) {
            return index.grants().find(by.key(), by.grantId());
        }
        if (address instanceof GrantAddress.ByToken by) {
            return GrantToken.find(index, vault.sealer(), by.token());
        }
        throw new IllegalStateException("an address of an unknown kind");
    }

    CompletionStage<Reply.FoundGrants> findGrants(HsmUser user, GrantCommand.FindGrants command) {
        Permits.require(user, command.key().scope());
        return read(
                command.freshness(),
                index -> new Reply.FoundGrants(
                        keys.live(index, command.key()).isEmpty()
                                ? List.of()
                                : index.grants()
                                        .fitting(
                                                command.key(),
                                                command.principals(),
                                                command.operations(),
                                                command.contexts())
                                        .limit(MOST_FITTING)
                                        .map(stored -> stored.content().grant())
                                        .toList()));
    }

    CompletionStage<Reply.GrantPage> listGrants(HsmUser user, GrantCommand.ListGrants command) {
        long seen = Stamps.newest(command.authority());
        return page(command.page(), seen, index -> {
            var key = Stamps.require(index, command.authority()).content().key();
            Permits.require(user, key.name().scope());
            if (keys.live(index, key.name()).isEmpty()) {
                throw new Refused(Refusal.NOT_FOUND);
            }
            var after = command.page().after();
            var grants = command.grantId()
                    .map(id -> index.grants().find(key.name(), id).filter(stored -> id.compareTo(after) > 0).stream())
                    .orElseGet(() -> index.grants().of(key.name(), after));
            return command.grantee()
                    .map(name -> grants.filter(isMeant(
                            index, name, stored -> Optional.of(terms(stored).grantee()))))
                    .orElse(grants);
        });
    }

    CompletionStage<Reply.GrantPage> listRetirableGrants(HsmUser user, GrantCommand.ListRetirableGrants command) {
        Permits.require(user, command.scope());
        long seen = Stamps.newest(command.authority());
        return page(command.page(), seen, index -> {
            Stamps.require(index, command.authority());
            return index.grants()
                    .retirable(
                            command.scope(), command.retiring(), command.page().after())
                    .filter(isMeant(
                            index, command.retiring(), stored -> terms(stored).retiring()))
                    .filter(stored ->
                            keys.live(index, stored.content().grant().key()).isPresent());
        });
    }

    private static GrantRecord.Terms terms(Stored<Content.Grant> stored) {
        return stored.content().grant().terms();
    }

    /** Whether a grant means who has {@code name} now, be it because it means whoever has it. */
    private static Predicate<Stored<Content.Grant>> isMeant(
            VaultIndex index, String name, Function<Stored<Content.Grant>, Optional<GrantRecord.Party>> named) {
        var id = IdentityReads.uniqueId(index, name);
        return stored -> named.apply(stored)
                .filter(party -> party.name().equals(name)
                        && (party.uniqueId().isEmpty() || party.uniqueId().equals(id)))
                .isPresent();
    }

    /** The unique ids in some grants that nobody has any more. */
    private static Set<String> gone(VaultIndex index, List<GrantRecord> grants) {
        return grants.stream()
                .flatMap(grant -> Stream.concat(Stream.of(grant.terms().grantee()), grant.terms().retiring().stream()))
                .filter(party -> party.uniqueId().isPresent()
                        && !party.uniqueId().equals(IdentityReads.uniqueId(index, party.name())))
                .map(GrantRecord.Party::meant)
                .collect(Collectors.toUnmodifiableSet());
    }

    private <R> CompletionStage<R> read(Freshness freshness, Function<VaultIndex, R> answer) {
        return freshness == Freshness.LOCAL
                ? CompletableFuture.completedFuture(vault.read(answer))
                : store.readBarrier().thenApply(barrier -> vault.read(answer));
    }

    /** @param seen the newest revision that the client has seen; the first page is a quorum read, which is beyond it */
    private CompletionStage<Reply.GrantPage> page(
            Page page, long seen, Function<VaultIndex, Stream<Stored<Content.Grant>>> items) {
        long least = page.minimumIndex() == 0 ? 0 : Math.max(page.minimumIndex(), seen);
        return keys.reached(new Page(page.after(), page.limit(), least))
                .thenApply(ready -> vault.read(index -> {
                    List<GrantRecord> grants = items.apply(index)
                            .limit(page.limit() + 1L)
                            .map(stored -> stored.content().grant())
                            .toList();
                    var shown = KeyReads.cut(grants, page);
                    return new Reply.GrantPage(
                            shown, grants.size() > page.limit(), index.appliedIndex(), gone(index, shown));
                }));
    }
}
