package dev.strongroom.hsm.protocol;

import static dev.strongroom.hsm.protocol.ValueReader.instant;
import static dev.strongroom.hsm.protocol.ValueReader.known;
import static dev.strongroom.hsm.protocol.ValueReader.present;
import static dev.strongroom.hsm.protocol.ValueReader.stamp;
import static dev.strongroom.hsm.protocol.ValueWriter.wire;

import com.google.protobuf.Message;
import dev.strongroom.hsm.protocol.wire.Wire;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The records that say who callers are, to their messages and back. */
final class IdentityRecordCodec {

    private IdentityRecordCodec() {}

    static Wire.IdentityRecord encode(IdentityRecord identity) {
        var message = Wire.IdentityRecord.newBuilder();
        if (identity instanceof IdentityRecord.Account account) {
            message.setAccount(Wire.IdentityRecord.Account.newBuilder()
                    .setStamp(wire(account.stamp()))
                    .setAccountId(account.accountId())
                    .setOpen(account.open())
                    .setCreated(wire(account.created())));
        } else if (identity instanceof IdentityRecord.Principal principal) {
            message.setPrincipal(encode(principal));
        } else if (identity instanceof IdentityRecord.ManagedPolicy policy) {
            message.setPolicy(Wire.IdentityRecord.ManagedPolicy.newBuilder()
                    .setPolicy(CallerCodec.encode(policy.policy()))
                    .setCreated(wire(policy.created()))
                    .setUpdated(wire(policy.updated())));
        } else if (identity instanceof IdentityRecord.OidcProvider provider) {
            message.setOidcProvider(Wire.IdentityRecord.OidcProvider.newBuilder()
                    .setStamp(wire(provider.stamp()))
                    .setArn(provider.arn())
                    .addAllClientIds(provider.clientIds())
                    .setKeys(provider.keys())
                    .setCreated(wire(provider.created())));
        } else if (identity instanceof IdentityRecord.AccessKey accessKey) {
            message.setAccessKey(Wire.IdentityRecord.AccessKey.newBuilder()
                    .setIdentity(wire(accessKey.identity()))
                    .setActive(accessKey.active())
                    .setCreated(wire(accessKey.created())));
        } else {
            throw new IllegalStateException("no message for " + identity.getClass());
        }
        return message.build();
    }

    private static Wire.IdentityRecord.Principal encode(IdentityRecord.Principal principal) {
        var message = Wire.IdentityRecord.Principal.newBuilder()
                .setHolder(CallerCodec.encode(principal.holder()))
                .setCreated(wire(principal.created()))
                .addAllAttached(principal.attached());
        principal.boundary().ifPresent(message::setBoundary);
        principal
                .role()
                .ifPresent(role -> message.setRole(Wire.IdentityRecord.RoleTerms.newBuilder()
                        .setTrustPolicy(wire(role.trustPolicy()))
                        .setMaxSessionSeconds(role.maxSessionSeconds())));
        return message.build();
    }

    /** As {@link #decode}, and nothing in it may be unknown: it is part of a command. */
    static IdentityRecord decodeStrictly(boolean isSet, Wire.IdentityRecord wire) throws MalformedFrameException {
        requireKnown(present(isSet, wire));
        return decode(true, wire);
    }

    static IdentityRecord decode(boolean isSet, Wire.IdentityRecord wire) throws MalformedFrameException {
        return switch (present(isSet, wire).getIdentityCase()) {
            case ACCOUNT -> {
                var account = wire.getAccount();
                yield new IdentityRecord.Account(
                        stamp(account.hasStamp(), account.getStamp()),
                        account.getAccountId(),
                        account.getOpen(),
                        instant(account.hasCreated(), account.getCreated()));
            }
            case PRINCIPAL -> principal(wire.getPrincipal());
            case POLICY -> {
                var policy = wire.getPolicy();
                yield new IdentityRecord.ManagedPolicy(
                        CallerCodec.policy(present(policy.hasPolicy(), policy.getPolicy())),
                        instant(policy.hasCreated(), policy.getCreated()),
                        instant(policy.hasUpdated(), policy.getUpdated()));
            }
            case OIDC_PROVIDER -> {
                var provider = wire.getOidcProvider();
                yield new IdentityRecord.OidcProvider(
                        stamp(provider.hasStamp(), provider.getStamp()),
                        provider.getArn(),
                        provider.getClientIdsList(),
                        provider.getKeys(),
                        instant(provider.hasCreated(), provider.getCreated()));
            }
            case ACCESS_KEY -> {
                var accessKey = wire.getAccessKey();
                yield new IdentityRecord.AccessKey(
                        ValueReader.callerIdentity(accessKey.hasIdentity(), accessKey.getIdentity()),
                        accessKey.getActive(),
                        instant(accessKey.hasCreated(), accessKey.getCreated()));
            }
            case IDENTITY_NOT_SET -> throw MalformedFrameException.broken("an identity without content");
        };
    }

    private static IdentityRecord.Principal principal(Wire.IdentityRecord.Principal wire)
            throws MalformedFrameException {
        return new IdentityRecord.Principal(
                CallerCodec.holder(present(wire.hasHolder(), wire.getHolder())),
                instant(wire.hasCreated(), wire.getCreated()),
                wire.getAttachedList(),
                wire.hasBoundary() ? Optional.of(wire.getBoundary()) : Optional.empty(),
                wire.hasRole()
                        ? Optional.of(new IdentityRecord.RoleTerms(
                                ValueReader.resourcePolicy(
                                        wire.getRole().hasTrustPolicy(),
                                        wire.getRole().getTrustPolicy()),
                                wire.getRole().getMaxSessionSeconds()))
                        : Optional.empty());
    }

    private static void requireKnown(Message message) throws MalformedFrameException {
        var unused = known(message);
        for (var value : message.getAllFields().values()) {
            for (var part : value instanceof Collection<?> parts ? parts : List.of(value)) {
                if (part instanceof Message inner) {
                    requireKnown(inner);
                }
            }
        }
    }
}
