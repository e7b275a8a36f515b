package dev.strongroom.hsm.protocol;

import static dev.strongroom.hsm.protocol.ValueReader.aliasName;
import static dev.strongroom.hsm.protocol.ValueWriter.wire;

import dev.strongroom.hsm.protocol.wire.Wire;
import java.util.Optional;

/** Commands that look, to their messages and back; the secret stays outside. */
final class LookupCodec implements LookupCommand.Visitor<Wire.Command> {

    @Override
    public Wire.Command findKey(LookupCommand.FindKey command) {
        var message = Wire.FindKey.newBuilder()
                .setAddress(wire(command.address()))
                .setFreshnessValue(WireEnum.FRESHNESS.number(command.freshness()))
                .addAllAuthority(wire(command.authority()));
        return Wire.Command.newBuilder().setFindKey(message).build();
    }

    static LookupCommand<?> findKey(Wire.FindKey wire) throws MalformedFrameException {
        return new LookupCommand.FindKey(
                ValueReader.keyAddress(wire.hasAddress(), wire.getAddress()),
                WireEnum.FRESHNESS.value(wire.getFreshnessValue()),
                ValueReader.stamps(wire.getAuthorityList()));
    }

    @Override
    public Wire.Command findAlias(LookupCommand.FindAlias command) {
        var message = Wire.FindAlias.newBuilder().setName(wire(command.name()));
        return Wire.Command.newBuilder().setFindAlias(message).build();
    }

    static LookupCommand<?> findAlias(Wire.FindAlias wire) throws MalformedFrameException {
        return new LookupCommand.FindAlias(aliasName(wire.hasName(), wire.getName()));
    }

    @Override
    public Wire.Command listKeys(LookupCommand.ListKeys command) {
        var message = Wire.ListKeys.newBuilder()
                .setScope(wire(command.scope()))
                .setPage(wire(command.page()))
                .addAllAuthority(wire(command.authority()));
        return Wire.Command.newBuilder().setListKeys(message).build();
    }

    static LookupCommand<?> listKeys(Wire.ListKeys wire) throws MalformedFrameException {
        return new LookupCommand.ListKeys(
                ValueReader.scope(wire.hasScope(), wire.getScope()),
                ValueReader.page(wire.hasPage(), wire.getPage()),
                ValueReader.stamps(wire.getAuthorityList()));
    }

    @Override
    public Wire.Command listAliases(LookupCommand.ListAliases command) {
        var message = Wire.ListAliases.newBuilder()
                .setScope(wire(command.scope()))
                .setPage(wire(command.page()))
                .addAllAuthority(wire(command.authority()));
        command.keyId().ifPresent(message::setKeyId);
        return Wire.Command.newBuilder().setListAliases(message).build();
    }

    static LookupCommand<?> listAliases(Wire.ListAliases wire) throws MalformedFrameException {
        return new LookupCommand.ListAliases(
                ValueReader.scope(wire.hasScope(), wire.getScope()),
                wire.hasKeyId() ? Optional.of(wire.getKeyId()) : Optional.empty(),
                ValueReader.page(wire.hasPage(), wire.getPage()),
                ValueReader.stamps(wire.getAuthorityList()));
    }

    @Override
    public Wire.Command findAliasNames(LookupCommand.FindAliasNames command) {
        var message = Wire.FindAliasNames.newBuilder()
                .setKey(wire(command.key()))
                .setFreshnessValue(WireEnum.FRESHNESS.number(command.freshness()));
        return Wire.Command.newBuilder().setFindAliasNames(message).build();
    }

    static LookupCommand<?> findAliasNames(Wire.FindAliasNames wire) throws MalformedFrameException {
        return new LookupCommand.FindAliasNames(
                ValueReader.keyName(wire.hasKey(), wire.getKey()), WireEnum.FRESHNESS.value(wire.getFreshnessValue()));
    }

    @Override
    public Wire.Command deriveSigningKey(LookupCommand.DeriveSigningKey command) {
        var message = Wire.DeriveSigningKey.newBuilder()
                .setAccessKeyId(command.accessKeyId())
                .setDate(command.date())
                .setRegion(command.region())
                .setService(command.service())
                .setSessionToken(wire(command.sessionToken()))
                .setFreshnessValue(WireEnum.FRESHNESS.number(command.freshness()));
        return Wire.Command.newBuilder().setDeriveSigningKey(message).build();
    }

    static LookupCommand<?> deriveSigningKey(Wire.DeriveSigningKey wire) throws MalformedFrameException {
        return new LookupCommand.DeriveSigningKey(
                wire.getAccessKeyId(),
                wire.getDate(),
                wire.getRegion(),
                wire.getService(),
                ValueReader.bytes(wire.getSessionToken()),
                WireEnum.FRESHNESS.value(wire.getFreshnessValue()));
    }

    @Override
    public Wire.Command findPrincipals(LookupCommand.FindPrincipals command) {
        var message = Wire.FindPrincipals.newBuilder().addAllArns(command.arns());
        return Wire.Command.newBuilder().setFindPrincipals(message).build();
    }

    static LookupCommand<?> findPrincipals(Wire.FindPrincipals wire) {
        return new LookupCommand.FindPrincipals(wire.getArnsList());
    }

    @Override
    public Wire.Command findLastUse(LookupCommand.FindLastUse command) {
        var message = Wire.FindLastUse.newBuilder().setAuthority(wire(command.authority()));
        return Wire.Command.newBuilder().setFindLastUse(message).build();
    }

    static LookupCommand<?> findLastUse(Wire.FindLastUse wire) throws MalformedFrameException {
        return new LookupCommand.FindLastUse(ValueReader.authority(wire.hasAuthority(), wire.getAuthority()));
    }
}
