package dev.strongroom.hsm.protocol;

import static dev.strongroom.hsm.protocol.ValueReader.aliasName;
import static dev.strongroom.hsm.protocol.ValueReader.authority;
import static dev.strongroom.hsm.protocol.ValueReader.bytes;
import static dev.strongroom.hsm.protocol.ValueReader.commandId;
import static dev.strongroom.hsm.protocol.ValueReader.known;
import static dev.strongroom.hsm.protocol.ValueReader.stamp;
import static dev.strongroom.hsm.protocol.ValueReader.stamps;

import dev.strongroom.hsm.protocol.wire.Wire;
import java.io.IOException;
import java.util.Optional;

/** Commands to and from frames. Stateless. */
public final class CommandCodec {

    private static final CommandWriter WRITER = new CommandWriter();

    private CommandCodec() {}

    static Wire.Command encode(Command<?> command) {
        return command.accept(WRITER);
    }

    /**
     * The command in {@code frame}. Its secret is a copy, which the caller owns.
     *
     * @throws MalformedFrameException if it is none, or has parts that this version does not know
     */
    public static Command<?> decode(Frame frame) throws MalformedFrameException {
        Wire.Command wire;
        try {
            wire = Wire.Command.parseFrom(frame.message());
        } catch (IOException e) {
            throw MalformedFrameException.broken("not a protobuf message");
        }
        var command = command(known(wire), frame);
        if (command.secret().length() != frame.secretBytes()) {
            throw MalformedFrameException.broken("a secret beside a command that has none");
        }
        return command;
    }

    /** In every case the secret is copied last: nothing can fail afterwards and leave it behind. */
    private static Command<?> command(Wire.Command wire, Frame frame) throws MalformedFrameException {
        return switch (wire.getCommandCase()) {
            case LOGIN -> new Command.Login(known(wire.getLogin()).getUser(), frame.secret());
            case DESCRIBE_NODE -> {
                var unused = known(wire.getDescribeNode());
                yield new Command.DescribeNode();
            }
            case FIND_KEY -> findKey(known(wire.getFindKey()));
            case FIND_ALIAS -> findAlias(known(wire.getFindAlias()));
            case LIST_KEYS -> listKeys(known(wire.getListKeys()));
            case LIST_ALIASES -> listAliases(known(wire.getListAliases()));
            case DERIVE_SIGNING_KEY -> deriveSigningKey(known(wire.getDeriveSigningKey()));
            case ENCRYPT -> encrypt(known(wire.getEncrypt()), frame);
            case DECRYPT -> decrypt(known(wire.getDecrypt()));
            case RE_ENCRYPT -> reEncrypt(known(wire.getReEncrypt()));
            case GENERATE_DATA_KEY -> generateDataKey(known(wire.getGenerateDataKey()));
            case GENERATE_RANDOM ->
                new Command.GenerateRandom(known(wire.getGenerateRandom()).getLength());
            case CREATE_KEY -> createKey(known(wire.getCreateKey()));
            case CHANGE_KEY -> changeKey(known(wire.getChangeKey()));
            case CREATE_ALIAS -> createAlias(known(wire.getCreateAlias()));
            case UPDATE_ALIAS -> updateAlias(known(wire.getUpdateAlias()));
            case DELETE_ALIAS -> deleteAlias(known(wire.getDeleteAlias()));
            case CREATE_ACCESS_KEY -> createAccessKey(known(wire.getCreateAccessKey()), frame);
            case COMMAND_NOT_SET -> throw MalformedFrameException.broken("a command without content");
        };
    }

    private static Command<?> findKey(Wire.FindKey wire) throws MalformedFrameException {
        return new Command.FindKey(
                ValueReader.keyAddress(wire.hasAddress(), wire.getAddress()),
                WireEnum.FRESHNESS.value(wire.getFreshnessValue()));
    }

    private static Command<?> findAlias(Wire.FindAlias wire) throws MalformedFrameException {
        return new Command.FindAlias(aliasName(wire.hasName(), wire.getName()));
    }

    private static Command<?> listKeys(Wire.ListKeys wire) throws MalformedFrameException {
        return new Command.ListKeys(
                ValueReader.scope(wire.hasScope(), wire.getScope()), ValueReader.page(wire.hasPage(), wire.getPage()));
    }

    private static Command<?> listAliases(Wire.ListAliases wire) throws MalformedFrameException {
        return new Command.ListAliases(
                ValueReader.scope(wire.hasScope(), wire.getScope()),
                wire.hasKeyId() ? Optional.of(wire.getKeyId()) : Optional.empty(),
                ValueReader.page(wire.hasPage(), wire.getPage()));
    }

    private static Command<?> deriveSigningKey(Wire.DeriveSigningKey wire) throws MalformedFrameException {
        return new Command.DeriveSigningKey(
                wire.getAccessKeyId(),
                wire.getDate(),
                wire.getRegion(),
                wire.getService(),
                WireEnum.FRESHNESS.value(wire.getFreshnessValue()));
    }

    private static Command<?> encrypt(Wire.Encrypt wire, Frame frame) throws MalformedFrameException {
        var authority = authority(wire.hasAuthority(), wire.getAuthority());
        var aad = bytes(wire.getAad());
        return new Command.Encrypt(authority, frame.secret(), aad);
    }

    private static Command<?> decrypt(Wire.Decrypt wire) throws MalformedFrameException {
        return new Command.Decrypt(
                authority(wire.hasAuthority(), wire.getAuthority()), bytes(wire.getBlob()), bytes(wire.getAad()));
    }

    private static Command<?> reEncrypt(Wire.ReEncrypt wire) throws MalformedFrameException {
        return new Command.ReEncrypt(
                authority(wire.hasSource(), wire.getSource()),
                bytes(wire.getBlob()),
                bytes(wire.getSourceAad()),
                authority(wire.hasDestination(), wire.getDestination()),
                bytes(wire.getDestinationAad()));
    }

    private static Command<?> generateDataKey(Wire.GenerateDataKey wire) throws MalformedFrameException {
        return new Command.GenerateDataKey(
                authority(wire.hasAuthority(), wire.getAuthority()),
                wire.getLength(),
                bytes(wire.getAad()),
                WireEnum.DATA_KEY_FORM.value(wire.getFormValue()));
    }

    private static Command<?> createKey(Wire.CreateKey wire) throws MalformedFrameException {
        return new Command.CreateKey(
                commandId(wire.getCommandId()),
                ValueReader.keyName(wire.hasName(), wire.getName()),
                ValueReader.newKey(wire.hasKey(), wire.getKey()),
                ValueReader.documents(wire.hasDocuments(), wire.getDocuments()),
                stamps(wire.getAuthorityList()));
    }

    private static Command<?> changeKey(Wire.ChangeKey wire) throws MalformedFrameException {
        return new Command.ChangeKey(
                commandId(wire.getCommandId()),
                authority(wire.hasAuthority(), wire.getAuthority()),
                ValueReader.keyChange(wire.hasChange(), wire.getChange()));
    }

    private static Command<?> createAlias(Wire.CreateAlias wire) throws MalformedFrameException {
        return new Command.CreateAlias(
                commandId(wire.getCommandId()),
                aliasName(wire.hasName(), wire.getName()),
                authority(wire.hasTarget(), wire.getTarget()));
    }

    private static Command<?> updateAlias(Wire.UpdateAlias wire) throws MalformedFrameException {
        return new Command.UpdateAlias(
                commandId(wire.getCommandId()),
                stamp(wire.hasAlias(), wire.getAlias()),
                authority(wire.hasTarget(), wire.getTarget()));
    }

    private static Command<?> deleteAlias(Wire.DeleteAlias wire) throws MalformedFrameException {
        return new Command.DeleteAlias(
                commandId(wire.getCommandId()),
                stamp(wire.hasAlias(), wire.getAlias()),
                stamps(wire.getAuthorityList()));
    }

    private static Command<?> createAccessKey(Wire.CreateAccessKey wire, Frame frame) throws MalformedFrameException {
        var commandId = commandId(wire.getCommandId());
        return new Command.CreateAccessKey(
                commandId, wire.getAccessKeyId(), wire.getAccountId(), wire.getPrincipalArn(), frame.secret());
    }
}
