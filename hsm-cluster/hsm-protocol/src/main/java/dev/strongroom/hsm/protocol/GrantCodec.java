package dev.strongroom.hsm.protocol;

import static dev.strongroom.hsm.protocol.ValueReader.authority;
import static dev.strongroom.hsm.protocol.ValueReader.commandId;
import static dev.strongroom.hsm.protocol.ValueReader.known;
import static dev.strongroom.hsm.protocol.ValueReader.present;
import static dev.strongroom.hsm.protocol.ValueReader.stamp;
import static dev.strongroom.hsm.protocol.ValueReader.stamps;
import static dev.strongroom.hsm.protocol.ValueWriter.wire;

import dev.strongroom.hsm.protocol.wire.Wire;
import java.util.Optional;

/** Commands about grants, to their messages and back. */
final class GrantCodec implements GrantCommand.Visitor<Wire.Command> {

    @Override
    public Wire.Command findGrant(GrantCommand.FindGrant command) {
        var message = Wire.FindGrant.newBuilder()
                .setAddress(address(command.address()))
                .setFreshnessValue(WireEnum.FRESHNESS.number(command.freshness()));
        return Wire.Command.newBuilder().setFindGrant(message).build();
    }

    static GrantCommand<?> findGrant(Wire.FindGrant wire) throws MalformedFrameException {
        return new GrantCommand.FindGrant(
                address(known(present(wire.hasAddress(), wire.getAddress()))),
                WireEnum.FRESHNESS.value(wire.getFreshnessValue()));
    }

    private static Wire.GrantAddress address(GrantAddress address) {
        var wire = Wire.GrantAddress.newBuilder();
        if (address instanceof GrantAddress.ById byId) {
            wire.setById(
                    Wire.GrantAddress.ById.newBuilder().setKey(wire(byId.key())).setGrantId(byId.grantId()));
        } else if (address instanceof GrantAddress.ByToken byToken) {
            wire.setByToken(wire(byToken.token()));
        } else {
            throw new IllegalStateException("no message for " + address.getClass());
        }
        return wire.build();
    }

    private static GrantAddress address(Wire.GrantAddress wire) throws MalformedFrameException {
        return switch (wire.getAddressCase()) {
            case BY_ID -> {
                var byId = known(wire.getById());
                yield new GrantAddress.ById(ValueReader.keyName(byId.hasKey(), byId.getKey()), byId.getGrantId());
            }
            case BY_TOKEN -> new GrantAddress.ByToken(ValueReader.bytes(wire.getByToken()));
            case ADDRESS_NOT_SET -> throw MalformedFrameException.broken("an address without content");
        };
    }

    @Override
    public Wire.Command findGrants(GrantCommand.FindGrants command) {
        var message = Wire.FindGrants.newBuilder()
                .setKey(wire(command.key()))
                .addAllPrincipals(command.principals())
                .addAllOperations(command.operations())
                .setFreshnessValue(WireEnum.FRESHNESS.number(command.freshness()));
        command.contexts()
                .ifPresent(contexts -> message.setContext(GrantRecordCodec.pairs(contexts.pairs()))
                        .setAndMore(contexts.andMore()));
        return Wire.Command.newBuilder().setFindGrants(message).build();
    }

    static GrantCommand<?> findGrants(Wire.FindGrants wire) throws MalformedFrameException {
        return new GrantCommand.FindGrants(
                ValueReader.keyName(wire.hasKey(), wire.getKey()),
                wire.getPrincipalsList(),
                wire.getOperationsList(),
                GrantRecordCodec.pairs(wire.hasContext(), wire.getContext())
                        .map(pairs -> new GrantCommand.FindGrants.Contexts(pairs, wire.getAndMore())),
                WireEnum.FRESHNESS.value(wire.getFreshnessValue()));
    }

    @Override
    public Wire.Command listGrants(GrantCommand.ListGrants command) {
        var message = Wire.ListGrants.newBuilder()
                .setAuthority(wire(command.authority()))
                .setPage(wire(command.page()));
        command.grantId().ifPresent(message::setGrantId);
        command.grantee().ifPresent(message::setGrantee);
        return Wire.Command.newBuilder().setListGrants(message).build();
    }

    static GrantCommand<?> listGrants(Wire.ListGrants wire) throws MalformedFrameException {
        return new GrantCommand.ListGrants(
                authority(wire.hasAuthority(), wire.getAuthority()),
                wire.hasGrantId() ? Optional.of(wire.getGrantId()) : Optional.empty(),
                wire.hasGrantee() ? Optional.of(wire.getGrantee()) : Optional.empty(),
                ValueReader.page(wire.hasPage(), wire.getPage()));
    }

    @Override
    public Wire.Command listRetirableGrants(GrantCommand.ListRetirableGrants command) {
        var message = Wire.ListRetirableGrants.newBuilder()
                .setScope(wire(command.scope()))
                .setRetiring(command.retiring())
                .addAllAuthority(wire(command.authority()))
                .setPage(wire(command.page()));
        return Wire.Command.newBuilder().setListRetirableGrants(message).build();
    }

    static GrantCommand<?> listRetirableGrants(Wire.ListRetirableGrants wire) throws MalformedFrameException {
        return new GrantCommand.ListRetirableGrants(
                ValueReader.scope(wire.hasScope(), wire.getScope()),
                wire.getRetiring(),
                stamps(wire.getAuthorityList()),
                ValueReader.page(wire.hasPage(), wire.getPage()));
    }

    @Override
    public Wire.Command createGrant(GrantCommand.CreateGrant command) {
        var message = Wire.CreateGrant.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setAuthority(wire(command.authority()))
                .setId(command.grantId())
                .setTerms(GrantRecordCodec.terms(command.terms()))
                .setIssuingAccount(command.issuingAccount());
        return Wire.Command.newBuilder().setCreateGrant(message).build();
    }

    static GrantCommand<?> createGrant(Wire.CreateGrant wire) throws MalformedFrameException {
        return new GrantCommand.CreateGrant(
                commandId(wire.getCommandId()),
                authority(wire.hasAuthority(), wire.getAuthority()),
                wire.getId(),
                GrantRecordCodec.terms(wire.hasTerms(), wire.getTerms()),
                wire.getIssuingAccount());
    }

    @Override
    public Wire.Command revokeGrant(GrantCommand.RevokeGrant command) {
        var message = Wire.RevokeGrant.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setAuthority(wire(command.authority()))
                .setGrant(wire(command.grant()));
        return Wire.Command.newBuilder().setRevokeGrant(message).build();
    }

    static GrantCommand<?> revokeGrant(Wire.RevokeGrant wire) throws MalformedFrameException {
        return new GrantCommand.RevokeGrant(
                commandId(wire.getCommandId()),
                authority(wire.hasAuthority(), wire.getAuthority()),
                stamp(wire.hasGrant(), wire.getGrant()));
    }

    @Override
    public Wire.Command retireGrant(GrantCommand.RetireGrant command) {
        var message = Wire.RetireGrant.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setAuthority(wire(command.authority()))
                .setGrant(wire(command.grant()));
        return Wire.Command.newBuilder().setRetireGrant(message).build();
    }

    static GrantCommand<?> retireGrant(Wire.RetireGrant wire) throws MalformedFrameException {
        return new GrantCommand.RetireGrant(
                commandId(wire.getCommandId()),
                authority(wire.hasAuthority(), wire.getAuthority()),
                stamp(wire.hasGrant(), wire.getGrant()));
    }
}
