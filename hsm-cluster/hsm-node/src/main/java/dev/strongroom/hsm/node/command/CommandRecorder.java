package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.audit.Ledger;
import dev.strongroom.hsm.node.audit.Line;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.CiphertextBlob;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.CommandCodec;
import dev.strongroom.hsm.protocol.GrantAddress;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.IdentityName;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.Recipient;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Role;
import dev.strongroom.hsm.protocol.Stamp;
import dev.strongroom.hsm.protocol.UseCommand;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the audit record of a command that is over. What it shows of a command is in {@link CommandFacts}; of everything
 * else, the secret excepted, there is a keyed hash, by which a command that is known can be recognised.
 */
final class CommandRecorder {

    private static final long MICROS = 1_000;

    private final Ledger ledger;
    private final KeyVault vault;
    private final LongSupplier nanos;

    CommandRecorder(NodeParts parts, Ledger ledger) {
        this.ledger = ledger;
        this.vault = parts.vault();
        this.nanos = parts.nanos();
    }

    /**
     * A command as it was given.
     *
     * @param role of the session's user; empty if nobody has logged in
     * @param servedRequest of the caller, for which the gateway gave it
     * @param begun monotonic nanoseconds
     */
    record Given(
            Session session,
            Optional<Role> role,
            CommandRule rule,
            Command<?> command,
            UUID servedRequest,
            long begun) {}

    long now() {
        return nanos.getAsLong();
    }

    /**
     * Records how a command ended.
     *
     * @param reply null if it was refused
     * @param refused null if it was done
     * @return null if the answer may leave at once, else when it may
     * @throws IOException if there can be no record, so that there must be no answer
     */
    @Nullable
    CompletionStage<Void> record(Given given, @Nullable Reply reply, @Nullable Refused refused) throws IOException {
        if (given.rule() == CommandRule.STATUS) {
            return null;
        }
        var weight = given.rule().isUse() ? Ledger.Weight.USE : Ledger.Weight.CHANGE;
        return ledger.record(weight, line -> write(line, given, reply, refused));
    }

    private void write(Line line, Given given, @Nullable Reply reply, @Nullable Refused refused) {
        boolean isRehearsal = given.command() instanceof UseCommand.Rehearse;
        var command = given.command() instanceof UseCommand.Rehearse rehearsal ? rehearsal.use() : given.command();
        var facts = CommandFacts.of(command);
        line.number("session", given.session().number())
                .text("peer", given.session().source())
                .text("certificate", given.session().certificate())
                .text("user", given.session().user())
                .text("role", role(given, reply))
                .text("command", isRehearsal ? "Rehearse" + facts.name() : facts.name());
        if (!given.servedRequest().equals(Hsm.NO_REQUEST)) {
            line.text("requestId", given.servedRequest().toString());
        }
        writeParts(line, facts, command, reply);
        line.hex("params", ledger.contextTag(CommandCodec.publicPart(given.command())))
                .text("result", refused == null ? "OK" : refused.refusal().name())
                .number("latency", Math.max(0, nanos.getAsLong() - given.begun()) / MICROS);
    }

    /** In the order of {@link CommandFacts.Kind}; a second of the same kind has a 2 behind its name. */
    private void writeParts(Line line, CommandFacts facts, Command<?> command, @Nullable Reply reply) {
        int keys = 0;
        int contexts = 0;
        var backingKey = Optional.<Bytes>empty();
        for (var part : facts.parts()) {
            var value = part.of(command);
            switch (part.kind()) {
                case AUTHORITY -> writeKey(line, ++keys, ((Authority) value).key());
                case STAMP -> writeKey(line, ++keys, (Stamp) value);
                case KEY_NAME -> line.text("key", path((KeyName) value));
                case KEY_ADDRESS -> writeAddress(line, (KeyAddress) value);
                case GRANT_ADDRESS -> {
                    if (value instanceof GrantAddress.ById grant) {
                        line.text("key", path(grant.key())).text("about", grant.grantId());
                    }
                }
                case CHANGE -> line.text("change", change((KeyChange) value));
                case ALIAS_NAME -> line.text("about", path((AliasName) value));
                case ACCESS_KEY_ID, GRANT_ID -> line.text("about", (String) value);
                case PRINCIPAL -> line.text("principal", (String) value);
                case IDENTITY_NAME -> line.text("about", path((IdentityName) value));
                case IDENTITY -> line.text("about", path(((IdentityRecord) value).name()));
                case COMMAND_ID ->
                    line.hex(
                            "commandId",
                            ((UUID) value).getMostSignificantBits(),
                            ((UUID) value).getLeastSignificantBits());
                case CONTEXT -> {
                    var context = (Bytes) value;
                    line.hex(++contexts == 1 ? "context" : "context2", ledger.contextTag(context.readOnlyArray()));
                }
                case BLOB -> backingKey = backingKey.or(() -> backingKey((Bytes) value));
                case RECIPIENT ->
                    ((Optional<?>) value)
                            .map(recipient -> ((Recipient) recipient).attestation())
                            .ifPresent(document -> line.hex("recipient", ledger.contextTag(document.readOnlyArray())));
            }
        }
        if (backingKey.isEmpty() && reply != null) {
            backingKey = made(reply);
        }
        if (reply instanceof Reply.MintedSession minted) {
            line.text("about", minted.accessKeyId());
        }
        backingKey.ifPresent(id -> line.hex("backingKey", id.readOnlyArray()));
    }

    private static void writeAddress(Line line, KeyAddress address) {
        if (address instanceof KeyAddress.ById key) {
            line.text("key", path(key.name()));
        } else if (address instanceof KeyAddress.ByAlias alias) {
            line.text("about", path(alias.name()));
        } else if (address instanceof KeyAddress.ByBackingKey named) {
            line.hex("backingKey", named.backingKeyId().readOnlyArray());
        }
    }

    private void writeKey(Line line, int number, Stamp stamp) {
        line.hex(number == 1 ? "record" : "record2", stamp.idHigh(), stamp.idLow())
                .number(number == 1 ? "revision" : "revision2", stamp.revision());
        name(stamp).ifPresent(name -> line.text(number == 1 ? "key" : "key2", path(name)));
    }

    private Optional<KeyName> name(Stamp stamp) {
        try {
            return vault.read(index -> index.key(stamp))
                    .map(stored -> stored.content().key().name());
        } catch (IllegalStateException e) {
            // The vault is closing; the record id says the same.
            return Optional.empty();
        }
    }

    private static Optional<Bytes> made(Reply reply) {
        for (var part : CommandFacts.of(reply).parts()) {
            if (part.kind() == CommandFacts.Kind.BLOB) {
                var id = backingKey((Bytes) part.of(reply));
                if (id.isPresent()) {
                    return id;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Bytes> backingKey(Bytes blob) {
        return CiphertextBlob.backingKeyId(blob.readOnlyArray());
    }

    /** What the user was when the command was given; whoever has just logged in is what the answer says. */
    private static String role(Given given, @Nullable Reply reply) {
        var role = reply instanceof Reply.LoggedIn login ? Optional.of(login.role()) : given.role();
        return role.map(Role::name).orElse("");
    }

    /** Which change of a key it is; what it is changed to is under the hash of the parameters, save for its state. */
    private static String change(KeyChange change) {
        var name = change.getClass().getSimpleName();
        return change instanceof KeyChange.SetState set ? name + " " + set.state() : name;
    }

    private static String path(IdentityName name) {
        return name.accountId() + "/" + name.kind() + "/" + name.name();
    }

    static String path(KeyName name) {
        return name.scope().accountId() + "/" + name.scope().region() + "/" + name.keyId();
    }

    private static String path(AliasName name) {
        return name.scope().accountId() + "/" + name.scope().region() + "/" + name.name();
    }
}
