package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.key.ImportRules;
import dev.strongroom.hsm.node.key.KeyRules;
import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.store.RecordStore;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.node.vault.Stored;
import dev.strongroom.hsm.node.vault.VaultIndex;
import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.AliasRecord;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Page;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;

/** Looking at keys and aliases. A key whose deletion date has passed, and what leads to it, is not there. */
final class KeyReads {

    static final int MAX_PAGE = 1_000;

    private final RecordStore store;
    private final KeyVault vault;
    private final InstantSource clock;

    KeyReads(NodeParts parts) {
        this.store = parts.store();
        this.vault = parts.vault();
        this.clock = parts.clock();
    }

    CompletionStage<Reply.FoundKey> findKey(HsmUser user, LookupCommand.FindKey command) {
        return read(command.freshness(), command.authority(), index -> found(index, user, command.address()));
    }

    /** What {@code answer} finds where all of {@code authority} is as it was seen, as one picture. */
    private <R> CompletionStage<R> read(Freshness freshness, List<Stamp> authority, Function<VaultIndex, R> answer) {
        Function<VaultIndex, R> checked = index -> {
            Stamps.require(index, authority);
            return answer.apply(index);
        };
        if (freshness == Freshness.QUORUM) {
            return store.readBarrier().thenApply(barrier -> vault.read(checked));
        }
        long newest = Stamps.newest(authority);
        return newest <= vault.read(VaultIndex::appliedIndex)
                ? CompletableFuture.completedFuture(vault.read(checked))
                : store.awaitApplied(newest).thenApply(reached -> vault.read(checked));
    }

    CompletionStage<Reply.FoundAliasNames> findAliasNames(HsmUser user, LookupCommand.FindAliasNames command) {
        Permits.require(user, command.key().scope());
        return read(command.freshness(), List.of(), index -> {
            var stored = index.keyAliases(command.key())
                    .orElseThrow(() -> missing(index, vault.names().keyAliases(command.key())));
            return new Reply.FoundAliasNames(stored.stamp(), stored.content().names());
        });
    }

    /** Always a quorum read: what follows is a decision about the alias itself. */
    CompletionStage<Reply.FoundAlias> findAlias(HsmUser user, LookupCommand.FindAlias command) {
        Permits.require(user, command.name().scope());
        return store.readBarrier()
                .thenApply(barrier -> vault.read(index -> new Reply.FoundAlias(alias(index, command.name()))));
    }

    CompletionStage<Reply.KeyPage> listKeys(HsmUser user, LookupCommand.ListKeys command) {
        Permits.require(user, command.scope());
        var page = command.page();
        return reached(page)
                .thenApply(ready -> vault.read(index -> {
                    Stamps.require(index, command.authority());
                    var ids = index.keys(command.scope(), page.after())
                            .filter(key -> !KeyRules.isDestroyed(key, clock))
                            .map(key -> key.name().keyId())
                            .limit(page.limit() + 1L)
                            .toList();
                    return new Reply.KeyPage(cut(ids, page), ids.size() > page.limit(), index.appliedIndex());
                }));
    }

    CompletionStage<Reply.AliasPage> listAliases(HsmUser user, LookupCommand.ListAliases command) {
        Permits.require(user, command.scope());
        var page = command.page();
        return reached(page)
                .thenApply(ready -> vault.read(index -> {
                    Stamps.require(index, command.authority());
                    var aliases = command.keyId()
                            .map(keyId -> aliasesOf(index, new KeyName(command.scope(), keyId), page.after()))
                            .orElseGet(() -> index.aliases(command.scope(), page.after()))
                            .filter(alias -> target(index, alias).isPresent())
                            .limit(page.limit() + 1L)
                            .toList();
                    return new Reply.AliasPage(cut(aliases, page), aliases.size() > page.limit(), index.appliedIndex());
                }));
    }

    private Reply.FoundKey found(VaultIndex index, HsmUser user, KeyAddress address) {
        if (address instanceof KeyAddress.ById by) {
            Permits.require(user, by.name().scope());
            return new Reply.FoundKey(key(index, by.name()), Optional.empty());
        }
        if (address instanceof KeyAddress.ByAlias by) {
            Permits.require(user, by.name().scope());
            var alias = alias(index, by.name());
            return new Reply.FoundKey(
                    key(index, new KeyName(by.name().scope(), alias.targetKeyId())), Optional.of(alias));
        }
        if (address instanceof KeyAddress.ByBackingKey by) {
            Permits.requireRegion(user, by.region());
            // Whoever is not made for the account cannot tell its blobs from noise.
            var backingKey = index.backingKey(by.backingKeyId())
                    .filter(found -> user.servesAccount(found.accountId()))
                    .orElseThrow(() -> new Refused(Refusal.NOT_FOUND));
            var name = new KeyName(new Scope(backingKey.accountId(), by.region()), backingKey.keyId());
            return new Reply.FoundKey(key(index, name), Optional.empty());
        }
        throw new IllegalStateException("an address of an unknown kind");
    }

    private KeyRecord key(VaultIndex index, KeyName name) {
        return live(index, name).orElseThrow(() -> missing(index, vault.names().key(name)));
    }

    private AliasRecord alias(VaultIndex index, AliasName name) {
        return index.alias(name)
                .map(stored -> stored.content().alias())
                .filter(alias -> target(index, alias).isPresent())
                .orElseThrow(() -> missing(index, vault.names().alias(name)));
    }

    /** There is nothing, or there is something that does not open: that must not look like nothing. */
    private static Refused missing(VaultIndex index, RecordId id) {
        return index.isUnreadable(id) ? new Refused(Refusal.INTERNAL, "record " + id) : new Refused(Refusal.NOT_FOUND);
    }

    private Optional<KeyRecord> target(VaultIndex index, AliasRecord alias) {
        return live(index, new KeyName(alias.name().scope(), alias.targetKeyId()));
    }

    /** The key, unless its deletion date has passed. */
    Optional<KeyRecord> live(VaultIndex index, KeyName name) {
        return index.key(name)
                .map(stored -> stored.content().key())
                .filter(key -> !KeyRules.isDestroyed(key, clock))
                .map(this::current);
    }

    /** The clock is asked only where a date decides. */
    private KeyRecord current(KeyRecord key) {
        return key.attributes().origin() == Origin.EXTERNAL ? ImportRules.asOf(key, clock.instant()) : key;
    }

    private static Stream<AliasRecord> aliasesOf(VaultIndex index, KeyName key, String after) {
        return index.keyAliases(key).map(Stored::content).map(Content.KeyAliases::names).orElse(List.of()).stream()
                .filter(name -> name.compareTo(after) > 0)
                .flatMap(name -> index.alias(new AliasName(key.scope(), name)).stream())
                .map(stored -> stored.content().alias())
                .filter(alias -> alias.targetKeyId().equals(key.keyId()));
    }

    CompletionStage<?> reached(Page page) {
        if (page.limit() < 1 || page.limit() > MAX_PAGE || page.minimumIndex() < 0) {
            throw new Refused(Refusal.MALFORMED, "a page has 1 to " + MAX_PAGE + " items");
        }
        return page.minimumIndex() == 0 ? store.readBarrier() : store.awaitApplied(page.minimumIndex());
    }

    static <T> List<T> cut(List<T> items, Page page) {
        return items.size() > page.limit() ? items.subList(0, page.limit()) : items;
    }
}
