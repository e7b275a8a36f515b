package dev.strongroom.hsm.node.vault;

import static dev.strongroom.hsm.node.vault.ContentCodec.octets;
import static dev.strongroom.hsm.node.vault.ContentCodec.time;

import dev.strongroom.hsm.node.wire.RecordWire;
import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.HolderRecord;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.PolicyRecord;
import dev.strongroom.hsm.protocol.ResourcePolicy;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The contents that say who callers are as protobuf, see {@code node.proto}. */
final class IdentityContentCodec {

    private IdentityContentCodec() {}

    static RecordWire.IdentityContent write(IdentityRecord identity) {
        var message = RecordWire.IdentityContent.newBuilder();
        if (identity instanceof IdentityRecord.Account account) {
            message.setAccount(RecordWire.Account.newBuilder()
                    .setAccountId(account.accountId())
                    .setOpen(account.open())
                    .setCreated(time(account.created())));
        } else if (identity instanceof IdentityRecord.Principal principal) {
            message.setPrincipal(write(principal));
        } else if (identity instanceof IdentityRecord.ManagedPolicy policy) {
            message.setPolicy(RecordWire.ManagedPolicy.newBuilder()
                    .setArn(policy.policy().arn())
                    .setDocument(policy.policy().document())
                    .setCreated(time(policy.created()))
                    .setUpdated(time(policy.updated())));
        } else if (identity instanceof IdentityRecord.OidcProvider provider) {
            message.setOidcProvider(RecordWire.OidcProvider.newBuilder()
                    .setArn(provider.arn())
                    .addAllClientIds(provider.clientIds())
                    .setKeys(provider.keys())
                    .setCreated(time(provider.created())));
        } else {
            throw new IllegalStateException("an identity of an unknown kind");
        }
        return message.build();
    }

    private static RecordWire.Principal write(IdentityRecord.Principal principal) {
        var holder = principal.holder();
        var message = RecordWire.Principal.newBuilder()
                .setArn(holder.arn())
                .setUniqueId(holder.uniqueId())
                .setCreated(time(principal.created()))
                .addAllTags(tags(holder.tags()))
                .addAllAttached(principal.attached());
        holder.inlinePolicies()
                .forEach((name, text) -> message.addInlinePolicies(
                        RecordWire.Document.newBuilder().setName(name).setText(text)));
        principal.boundary().ifPresent(message::setBoundary);
        principal
                .role()
                .ifPresent(role -> message.setRole(RecordWire.RoleTerms.newBuilder()
                        .setTrustPolicy(role.trustPolicy().text())
                        .addAllTrustPrincipals(
                                ContentCodec.uniqueIds(role.trustPolicy().principals()))
                        .setMaxSessionSeconds(role.maxSessionSeconds())));
        return message.build();
    }

    static Content.Identity read(RecordWire.IdentityContent message, Stamp stamp) {
        return new Content.Identity(
                switch (message.getIdentityCase()) {
                    case ACCOUNT -> {
                        var m = message.getAccount();
                        yield new IdentityRecord.Account(stamp, m.getAccountId(), m.getOpen(), time(m.getCreated()));
                    }
                    case PRINCIPAL -> principal(message.getPrincipal(), stamp);
                    case POLICY -> {
                        var m = message.getPolicy();
                        yield new IdentityRecord.ManagedPolicy(
                                new PolicyRecord(stamp, m.getArn(), m.getDocument()),
                                time(m.getCreated()),
                                time(m.getUpdated()));
                    }
                    case OIDC_PROVIDER -> {
                        var m = message.getOidcProvider();
                        yield new IdentityRecord.OidcProvider(
                                stamp, m.getArn(), m.getClientIdsList(), m.getKeys(), time(m.getCreated()));
                    }
                    case IDENTITY_NOT_SET -> throw new IllegalArgumentException("an identity without content");
                });
    }

    private static IdentityRecord.Principal principal(RecordWire.Principal m, Stamp stamp) {
        var documents = new TreeMap<String, String>();
        m.getInlinePoliciesList().forEach(document -> documents.put(document.getName(), document.getText()));
        return new IdentityRecord.Principal(
                new HolderRecord(stamp, m.getArn(), m.getUniqueId(), tags(m.getTagsList()), documents),
                time(m.getCreated()),
                m.getAttachedList(),
                m.hasBoundary() ? Optional.of(m.getBoundary()) : Optional.empty(),
                m.hasRole()
                        ? Optional.of(new IdentityRecord.RoleTerms(
                                new ResourcePolicy(
                                        m.getRole().getTrustPolicy(),
                                        ContentCodec.uniqueIds(m.getRole().getTrustPrincipalsList())),
                                m.getRole().getMaxSessionSeconds()))
                        : Optional.empty());
    }

    static RecordWire.AccessKey write(Content.AccessKey accessKey) {
        var identity = accessKey.identity();
        return RecordWire.AccessKey.newBuilder()
                .setAccessKeyId(identity.accessKeyId())
                .setAccountId(identity.accountId())
                .setPrincipalArn(identity.principalArn())
                .setSealedSecret(octets(accessKey.sealedSecret()))
                .setInactive(!accessKey.accessKey().active())
                .setCreated(time(accessKey.accessKey().created()))
                .build();
    }

    /** Those that were made before access keys had a date are as old as can be. */
    static Content.AccessKey read(RecordWire.AccessKey m, Stamp stamp) {
        var identity = new CallerIdentity(stamp, m.getAccessKeyId(), m.getAccountId(), m.getPrincipalArn());
        var created = m.hasCreated() ? time(m.getCreated()) : Instant.EPOCH;
        return new Content.AccessKey(
                new IdentityRecord.AccessKey(identity, !m.getInactive(), created), octets(m.getSealedSecret()));
    }

    static List<RecordWire.Key.Tag> tags(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(tag -> RecordWire.Key.Tag.newBuilder()
                        .setKey(tag.getKey())
                        .setValue(tag.getValue())
                        .build())
                .toList();
    }

    static Map<String, String> tags(List<RecordWire.Key.Tag> messages) {
        var tags = new TreeMap<String, String>();
        messages.forEach(tag -> tags.put(tag.getKey(), tag.getValue()));
        return tags;
    }
}
