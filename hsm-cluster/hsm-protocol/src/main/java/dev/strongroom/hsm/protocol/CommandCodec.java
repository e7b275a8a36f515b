package dev.strongroom.hsm.protocol;

import static dev.strongroom.hsm.protocol.ValueReader.known;

import dev.strongroom.hsm.protocol.wire.Wire;
import java.io.IOException;

/** Commands to and from frames. Stateless. */
public final class CommandCodec {

    private static final CommandWriter WRITER = new CommandWriter();

    private CommandCodec() {}

    static Wire.Command encode(Command<?> command) {
        return command.accept(WRITER);
    }

    /** What a command says apart from its secret, as it stands on the wire: equal commands give equal bytes. */
    public static byte[] publicPart(Command<?> command) {
        return encode(command).toByteArray();
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
            case LOGIN -> SessionCodec.login(known(wire.getLogin()), frame);
            case DESCRIBE_NODE -> SessionCodec.describeNode(known(wire.getDescribeNode()));
            case FIND_KEY -> LookupCodec.findKey(known(wire.getFindKey()));
            case FIND_ALIAS -> LookupCodec.findAlias(known(wire.getFindAlias()));
            case LIST_KEYS -> LookupCodec.listKeys(known(wire.getListKeys()));
            case LIST_ALIASES -> LookupCodec.listAliases(known(wire.getListAliases()));
            case DERIVE_SIGNING_KEY -> LookupCodec.deriveSigningKey(known(wire.getDeriveSigningKey()));
            case FIND_ALIAS_NAMES -> LookupCodec.findAliasNames(known(wire.getFindAliasNames()));
            case FIND_LAST_USE -> LookupCodec.findLastUse(known(wire.getFindLastUse()));
            case FIND_PRINCIPALS -> LookupCodec.findPrincipals(known(wire.getFindPrincipals()));
            case ENCRYPT -> UseCodec.encrypt(known(wire.getEncrypt()), frame);
            case DECRYPT -> UseCodec.decrypt(known(wire.getDecrypt()));
            case RE_ENCRYPT -> UseCodec.reEncrypt(known(wire.getReEncrypt()));
            case GENERATE_DATA_KEY -> UseCodec.generateDataKey(known(wire.getGenerateDataKey()));
            case GENERATE_RANDOM -> UseCodec.generateRandom(known(wire.getGenerateRandom()));
            case SIGN -> UseCodec.sign(known(wire.getSign()), frame);
            case VERIFY -> UseCodec.verify(known(wire.getVerify()), frame);
            case GENERATE_MAC -> UseCodec.generateMac(known(wire.getGenerateMac()), frame);
            case VERIFY_MAC -> UseCodec.verifyMac(known(wire.getVerifyMac()), frame);
            case DERIVE_SHARED_SECRET -> UseCodec.deriveSharedSecret(known(wire.getDeriveSharedSecret()));
            case ENCAPSULATE -> UseCodec.encapsulate(known(wire.getEncapsulate()));
            case DECAPSULATE -> UseCodec.decapsulate(known(wire.getDecapsulate()));
            case GENERATE_DATA_KEY_PAIR -> UseCodec.generateDataKeyPair(known(wire.getGenerateDataKeyPair()));
            case REHEARSE -> rehearse(known(wire.getRehearse()), frame);
            case CREATE_KEY -> ChangeCodec.createKey(known(wire.getCreateKey()));
            case CHANGE_KEY -> ChangeCodec.changeKey(known(wire.getChangeKey()));
            case CREATE_ALIAS -> ChangeCodec.createAlias(known(wire.getCreateAlias()));
            case UPDATE_ALIAS -> ChangeCodec.updateAlias(known(wire.getUpdateAlias()));
            case DELETE_ALIAS -> ChangeCodec.deleteAlias(known(wire.getDeleteAlias()));
            case REPLICATE_KEY -> ChangeCodec.replicateKey(known(wire.getReplicateKey()));
            case UPDATE_PRIMARY_REGION -> ChangeCodec.updatePrimaryRegion(known(wire.getUpdatePrimaryRegion()));
            case MAKE_IMPORT_PARAMETERS -> ImportCodec.makeImportParameters(known(wire.getMakeImportParameters()));
            case IMPORT_MATERIAL -> ImportCodec.importMaterial(known(wire.getImportMaterial()));
            case DELETE_MATERIAL -> ImportCodec.deleteMaterial(known(wire.getDeleteMaterial()));
            case COMMAND_NOT_SET -> throw MalformedFrameException.broken("a command without content");
            default -> ofGrantOrIdentity(wire, frame);
        };
    }

    private static Command<?> ofGrantOrIdentity(Wire.Command wire, Frame frame) throws MalformedFrameException {
        return switch (wire.getCommandCase()) {
            case FIND_GRANT -> GrantCodec.findGrant(known(wire.getFindGrant()));
            case FIND_GRANTS -> GrantCodec.findGrants(known(wire.getFindGrants()));
            case LIST_GRANTS -> GrantCodec.listGrants(known(wire.getListGrants()));
            case LIST_RETIRABLE_GRANTS -> GrantCodec.listRetirableGrants(known(wire.getListRetirableGrants()));
            case CREATE_GRANT -> GrantCodec.createGrant(known(wire.getCreateGrant()));
            case REVOKE_GRANT -> GrantCodec.revokeGrant(known(wire.getRevokeGrant()));
            case RETIRE_GRANT -> GrantCodec.retireGrant(known(wire.getRetireGrant()));
            case CREATE_ACCESS_KEY -> IdentityCodec.createAccessKey(known(wire.getCreateAccessKey()), frame);
            case CREATE_IDENTITY -> IdentityCodec.createIdentity(known(wire.getCreateIdentity()));
            case REPLACE_IDENTITY -> IdentityCodec.replaceIdentity(known(wire.getReplaceIdentity()));
            case DELETE_IDENTITY -> IdentityCodec.deleteIdentity(known(wire.getDeleteIdentity()));
            case FIND_IDENTITY -> IdentityCodec.findIdentity(known(wire.getFindIdentity()));
            case LIST_IDENTITIES -> IdentityCodec.listIdentities(known(wire.getListIdentities()));
            case MINT_SESSION -> IdentityCodec.mintSession(known(wire.getMintSession()));
            default -> throw new IllegalStateException("no reader for " + wire.getCommandCase());
        };
    }

    private static Command<?> rehearse(Wire.Rehearse wire, Frame frame) throws MalformedFrameException {
        var inner = known(wire.getUse());
        if (!inner.hasRehearse()) {
            var command = command(inner, frame);
            if (command instanceof UseCommand<?> use) {
                return new UseCommand.Rehearse(use);
            }
            command.secret().close();
        }
        throw MalformedFrameException.broken("a rehearsal of what is no use of a key");
    }
}
