package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.command.Writer.Change;
import dev.strongroom.hsm.node.key.GrantForm;
import dev.strongroom.hsm.node.key.KeyRules;
import dev.strongroom.hsm.node.key.NameRules;
import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.store.Transaction.Check;
import dev.strongroom.hsm.node.store.Transaction.Delete;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.node.vault.Stored;
import dev.strongroom.hsm.node.vault.VaultIndex;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Making and ending grants. */
final class GrantChanges {

    /**
     * Quota of the service. Counted on this node's records, not in the transaction: a shared counter would make every two
     * creations on a key wait for each other, and a few grants more in a race do no harm.
     */
    static final int MAX_GRANTS_PER_KEY = 50_000;

    private static final Stamp UNSTAMPED = new Stamp(0, 0, 0);

    private final KeyVault vault;
    private final InstantSource clock;
    private final Writer writer;

    GrantChanges(NodeParts parts, Writer writer) {
        this.vault = parts.vault();
        this.clock = parts.clock();
        this.writer = writer;
    }

    CompletionStage<Reply.CreatedGrant> createGrant(HsmUser user, GrantCommand.CreateGrant command) {
        GrantForm.require(command.grantId(), command.terms());
        NameRules.requireAccount(command.issuingAccount());
        var change =
                new Change(command.commandId(), Stamps.all(command.authority()), () -> creation(user, command), false);
        return writer.write(change, () -> created(command));
    }

    private Optional<List<Write>> creation(HsmUser user, GrantCommand.CreateGrant command) {
        var key = vault.read(index -> Stamps.require(index, command.authority()))
                .content()
                .key();
        Permits.require(user, key.name().scope());
        var content = content(command, key.name());
        var id = vault.names().grant(content.grant());
        var present = vault.read(index -> present(index, id));
        if (present.isPresent() && present.get().createdBy().equals(command.commandId())) {
            return Optional.empty();
        }
        if (key.lifecycle().state() != KeyState.UNAVAILABLE) {
            KeyRules.requireUsable(key, clock);
        }
        if (present.isPresent() && command.terms().name().isEmpty()) {
            throw new Refused(Refusal.ALREADY_EXISTS);
        }
        if (present.isPresent()) {
            // The same name on the same terms: nothing to write, and still an answer that a majority stands behind.
            return Optional.of(List.of(new Check(id, present.get().revision())));
        }
        var unused = vault.read(index -> requireRoom(index, key, command.grantId()));
        return Optional.of(List.of(vault.sealer().create(content, command.commandId())));
    }

    private Content.Grant content(GrantCommand.CreateGrant command, KeyName key) {
        return new Content.Grant(new GrantRecord(
                UNSTAMPED,
                key,
                command.grantId(),
                command.terms(),
                command.issuingAccount(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS)));
    }

    private static Optional<Stored<Content.Grant>> present(VaultIndex index, RecordId id) {
        if (index.isUnreadable(id)) {
            throw new Refused(Refusal.INTERNAL, "record " + id);
        }
        return index.grant(new Stamp(id.high(), id.low(), 0));
    }

    private static int requireRoom(VaultIndex index, KeyRecord key, String grantId) {
        int count = index.grants().count(key.name());
        if (count >= MAX_GRANTS_PER_KEY) {
            throw new Refused(Refusal.LIMIT_EXCEEDED, Integer.toString(count));
        }
        if (index.grants().find(key.name(), grantId).isPresent()) {
            throw new Refused(Refusal.ALREADY_EXISTS);
        }
        return count;
    }

    /** The grant as it is now; it may have ended again already. */
    private Reply.CreatedGrant created(GrantCommand.CreateGrant command) {
        Optional<Stored<Content.Grant>> grant =
                vault.read(index -> index.key(command.authority().key())
                        .map(key -> content(command, key.content().key().name()))
                        .flatMap(content -> present(index, vault.names().grant(content.grant()))));
        return grant.map(stored ->
                        new Reply.CreatedGrant(stored.content().grant(), GrantToken.of(vault.sealer(), stored)))
                .orElseThrow(() -> new Refused(Refusal.NOT_FOUND));
    }

    /** Ends a grant; it takes a right away from somebody, so the answer waits for every live node. */
    CompletionStage<Reply.Done> end(HsmUser user, UUID command, Authority authority, Stamp grant) {
        var stamps = new ArrayList<Stamp>();
        stamps.add(grant);
        stamps.addAll(Stamps.all(authority));
        var change = new Change(command, stamps, () -> removal(user, authority, grant), true);
        return writer.write(change, Reply.Done::new);
    }

    private Optional<List<Write>> removal(HsmUser user, Authority authority, Stamp grant) {
        var stored = vault.read(index -> {
            var key = Stamps.require(index, authority).content().key();
            Permits.require(user, key.name().scope());
            Stamps.require(index, List.of(grant));
            return index.grant(grant)
                    .filter(found -> found.content().grant().key().equals(key.name()))
                    .orElseThrow(() -> new Refused(Refusal.MALFORMED, "the stamp is of no grant of the key"));
        });
        return Optional.of(List.of(new Delete(stored.id(), stored.revision())));
    }
}
