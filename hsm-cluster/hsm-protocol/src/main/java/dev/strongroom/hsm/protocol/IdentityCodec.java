package dev.strongroom.hsm.protocol;

import static dev.strongroom.hsm.protocol.ValueReader.commandId;
import static dev.strongroom.hsm.protocol.ValueReader.known;
import static dev.strongroom.hsm.protocol.ValueReader.present;
import static dev.strongroom.hsm.protocol.ValueReader.stamps;
import static dev.strongroom.hsm.protocol.ValueWriter.wire;

import dev.strongroom.hsm.protocol.wire.Wire;
import java.util.Optional;

/** Commands about who callers are, to their messages and back; the secret stays outside. */
final class IdentityCodec implements IdentityCommand.Visitor<Wire.Command> {

    @Override
    public Wire.Command createAccessKey(IdentityCommand.CreateAccessKey command) {
        var message = Wire.CreateAccessKey.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setAccessKeyId(command.accessKeyId())
                .setAccountId(command.accountId())
                .setPrincipalArn(command.principalArn());
        return Wire.Command.newBuilder().setCreateAccessKey(message).build();
    }

    static IdentityCommand<?> createAccessKey(Wire.CreateAccessKey wire, Frame frame) throws MalformedFrameException {
        var commandId = commandId(wire.getCommandId());
        return new IdentityCommand.CreateAccessKey(
                commandId, wire.getAccessKeyId(), wire.getAccountId(), wire.getPrincipalArn(), frame.secret());
    }

    @Override
    public Wire.Command createIdentity(IdentityCommand.CreateIdentity command) {
        var message = Wire.CreateIdentity.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setIdentity(IdentityRecordCodec.encode(command.identity()));
        return Wire.Command.newBuilder().setCreateIdentity(message).build();
    }

    static IdentityCommand<?> createIdentity(Wire.CreateIdentity wire) throws MalformedFrameException {
        return new IdentityCommand.CreateIdentity(
                commandId(wire.getCommandId()),
                IdentityRecordCodec.decodeStrictly(wire.hasIdentity(), wire.getIdentity()));
    }

    @Override
    public Wire.Command replaceIdentity(IdentityCommand.ReplaceIdentity command) {
        var message = Wire.ReplaceIdentity.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setIdentity(IdentityRecordCodec.encode(command.identity()));
        return Wire.Command.newBuilder().setReplaceIdentity(message).build();
    }

    static IdentityCommand<?> replaceIdentity(Wire.ReplaceIdentity wire) throws MalformedFrameException {
        return new IdentityCommand.ReplaceIdentity(
                commandId(wire.getCommandId()),
                IdentityRecordCodec.decodeStrictly(wire.hasIdentity(), wire.getIdentity()));
    }

    @Override
    public Wire.Command deleteIdentity(IdentityCommand.DeleteIdentity command) {
        var message = Wire.DeleteIdentity.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setName(name(command.name()));
        return Wire.Command.newBuilder().setDeleteIdentity(message).build();
    }

    static IdentityCommand<?> deleteIdentity(Wire.DeleteIdentity wire) throws MalformedFrameException {
        return new IdentityCommand.DeleteIdentity(commandId(wire.getCommandId()), name(wire.hasName(), wire.getName()));
    }

    @Override
    public Wire.Command findIdentity(IdentityCommand.FindIdentity command) {
        var message = Wire.FindIdentity.newBuilder()
                .setName(name(command.name()))
                .setFreshnessValue(WireEnum.FRESHNESS.number(command.freshness()));
        return Wire.Command.newBuilder().setFindIdentity(message).build();
    }

    static IdentityCommand<?> findIdentity(Wire.FindIdentity wire) throws MalformedFrameException {
        return new IdentityCommand.FindIdentity(
                name(wire.hasName(), wire.getName()), WireEnum.FRESHNESS.value(wire.getFreshnessValue()));
    }

    @Override
    public Wire.Command listIdentities(IdentityCommand.ListIdentities command) {
        var message = Wire.ListIdentities.newBuilder()
                .setKindValue(WireEnum.IDENTITY_KIND.number(command.kind()))
                .setAccountId(command.accountId())
                .setPage(wire(command.page()));
        return Wire.Command.newBuilder().setListIdentities(message).build();
    }

    static IdentityCommand<?> listIdentities(Wire.ListIdentities wire) throws MalformedFrameException {
        return new IdentityCommand.ListIdentities(
                WireEnum.IDENTITY_KIND.value(wire.getKindValue()),
                wire.getAccountId(),
                ValueReader.page(wire.hasPage(), wire.getPage()));
    }

    @Override
    public Wire.Command mintSession(IdentityCommand.MintSession command) {
        var message = Wire.MintSession.newBuilder()
                .setPrincipalArn(command.principalArn())
                .setSessionName(command.sessionName())
                .setDurationSeconds(command.durationSeconds())
                .setTerms(terms(command.terms()))
                .addAllAuthority(wire(command.authority()));
        return Wire.Command.newBuilder().setMintSession(message).build();
    }

    static IdentityCommand<?> mintSession(Wire.MintSession wire) throws MalformedFrameException {
        return new IdentityCommand.MintSession(
                wire.getPrincipalArn(),
                wire.getSessionName(),
                wire.getDurationSeconds(),
                terms(wire.hasTerms(), wire.getTerms()),
                stamps(wire.getAuthorityList()));
    }

    private static Wire.IdentityName name(IdentityName name) {
        return Wire.IdentityName.newBuilder()
                .setKindValue(WireEnum.IDENTITY_KIND.number(name.kind()))
                .setAccountId(name.accountId())
                .setName(name.name())
                .build();
    }

    private static IdentityName name(boolean isSet, Wire.IdentityName wire) throws MalformedFrameException {
        var name = known(present(isSet, wire));
        return new IdentityName(WireEnum.IDENTITY_KIND.value(name.getKindValue()), name.getAccountId(), name.getName());
    }

    private static Wire.SessionTerms terms(SessionTerms terms) {
        var message = Wire.SessionTerms.newBuilder()
                .addAllTags(CallerCodec.tags(terms.tags()))
                .addAllTransitiveTagKeys(terms.transitiveTagKeys())
                .addAllInlinePolicies(terms.inlinePolicies())
                .addAllPolicyArns(terms.policyArns());
        terms.multiFactor().ifPresent(time -> message.setMultiFactor(wire(time)));
        terms.provider().ifPresent(message::setProvider);
        terms.sourceIdentity().ifPresent(message::setSourceIdentity);
        return message.build();
    }

    private static SessionTerms terms(boolean isSet, Wire.SessionTerms message) throws MalformedFrameException {
        var wire = known(present(isSet, message));
        return new SessionTerms(
                wire.hasMultiFactor()
                        ? Optional.of(ValueReader.instant(true, known(wire.getMultiFactor())))
                        : Optional.empty(),
                CallerCodec.tagMap(wire.getTagsList()),
                wire.getTransitiveTagKeysList(),
                wire.hasProvider() ? Optional.of(wire.getProvider()) : Optional.empty(),
                wire.hasSourceIdentity() ? Optional.of(wire.getSourceIdentity()) : Optional.empty(),
                wire.getInlinePoliciesList(),
                wire.getPolicyArnsList());
    }
}
