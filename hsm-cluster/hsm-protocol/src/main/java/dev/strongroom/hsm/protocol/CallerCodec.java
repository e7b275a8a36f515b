package dev.strongroom.hsm.protocol;

import static dev.strongroom.hsm.protocol.ValueReader.instant;
import static dev.strongroom.hsm.protocol.ValueReader.known;
import static dev.strongroom.hsm.protocol.ValueReader.present;
import static dev.strongroom.hsm.protocol.ValueReader.stamp;
import static dev.strongroom.hsm.protocol.ValueWriter.wire;

import dev.strongroom.hsm.protocol.wire.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is known about a caller, to its messages and back. */
final class CallerCodec {

    private CallerCodec() {}

    static Wire.CallerRecords encode(CallerRecords caller) {
        var message = Wire.CallerRecords.newBuilder()
                .setIdentity(wire(caller.identity()))
                .setOpenAccount(caller.openAccount());
        caller.holder().ifPresent(holder -> message.setHolder(encode(holder)));
        caller.attached().forEach(policy -> message.addAttached(encode(policy)));
        caller.boundary().ifPresent(policy -> message.setBoundary(encode(policy)));
        caller.session().ifPresent(session -> message.setSession(encode(session)));
        return message.build();
    }

    static CallerRecords decode(boolean isSet, Wire.CallerRecords wire) throws MalformedFrameException {
        var identity = ValueReader.callerIdentity(present(isSet, wire).hasIdentity(), wire.getIdentity());
        return new CallerRecords(
                identity,
                wire.getOpenAccount(),
                wire.hasHolder() ? Optional.of(holder(wire.getHolder())) : Optional.empty(),
                policies(wire.getAttachedList()),
                wire.hasBoundary() ? Optional.of(policy(wire.getBoundary())) : Optional.empty(),
                wire.hasSession() ? Optional.of(session(wire.getSession())) : Optional.empty());
    }

    static Wire.HolderRecord encode(HolderRecord holder) {
        return Wire.HolderRecord.newBuilder()
                .setStamp(wire(holder.stamp()))
                .setArn(holder.arn())
                .setUniqueId(holder.uniqueId())
                .addAllTags(tags(holder.tags()))
                .addAllInlinePolicies(texts(holder.inlinePolicies()))
                .build();
    }

    static HolderRecord holder(Wire.HolderRecord wire) throws MalformedFrameException {
        return new HolderRecord(
                stamp(wire.hasStamp(), wire.getStamp()),
                wire.getArn(),
                wire.getUniqueId(),
                tagMap(wire.getTagsList()),
                textMap(wire.getInlinePoliciesList()));
    }

    static Wire.PolicyRecord encode(PolicyRecord policy) {
        return Wire.PolicyRecord.newBuilder()
                .setStamp(wire(policy.stamp()))
                .setArn(policy.arn())
                .setDocument(policy.document())
                .build();
    }

    static PolicyRecord policy(Wire.PolicyRecord wire) throws MalformedFrameException {
        return new PolicyRecord(stamp(wire.hasStamp(), wire.getStamp()), wire.getArn(), wire.getDocument());
    }

    private static List<PolicyRecord> policies(List<Wire.PolicyRecord> wires) throws MalformedFrameException {
        var policies = new ArrayList<PolicyRecord>(wires.size());
        for (var wire : wires) {
            policies.add(policy(wire));
        }
        return policies;
    }

    private static Wire.SessionRecord encode(SessionRecord session) {
        var message = Wire.SessionRecord.newBuilder()
                .setIssued(wire(session.issued()))
                .setExpires(wire(session.expires()))
                .addAllTags(tags(session.tags()))
                .addAllTransitiveTagKeys(session.transitiveTagKeys())
                .addAllInlinePolicies(session.inlinePolicies());
        session.multiFactor().ifPresent(time -> message.setMultiFactor(wire(time)));
        session.provider().ifPresent(message::setProvider);
        session.sourceIdentity().ifPresent(message::setSourceIdentity);
        session.policies().forEach(policy -> message.addPolicies(encode(policy)));
        return message.build();
    }

    private static SessionRecord session(Wire.SessionRecord wire) throws MalformedFrameException {
        return new SessionRecord(
                instant(wire.hasIssued(), wire.getIssued()),
                instant(wire.hasExpires(), wire.getExpires()),
                wire.hasMultiFactor() ? Optional.of(instant(true, wire.getMultiFactor())) : Optional.empty(),
                tagMap(wire.getTagsList()),
                wire.getTransitiveTagKeysList(),
                wire.hasProvider() ? Optional.of(wire.getProvider()) : Optional.empty(),
                wire.hasSourceIdentity() ? Optional.of(wire.getSourceIdentity()) : Optional.empty(),
                wire.getInlinePoliciesList(),
                policies(wire.getPoliciesList()));
    }

    /** In the order of the keys: equal maps give equal bytes. */
    static List<Wire.Tag> tags(Map<String, String> tags) {
        return new TreeMap<>(tags)
                .entrySet().stream()
                        .map(tag -> Wire.Tag.newBuilder()
                                .setKey(tag.getKey())
                                .setValue(tag.getValue())
                                .build())
                        .toList();
    }

    static Map<String, String> tagMap(List<Wire.Tag> wires) throws MalformedFrameException {
        var tags = new TreeMap<String, String>();
        for (var wire : wires) {
            var tag = known(wire);
            if (tags.put(tag.getKey(), tag.getValue()) != null) {
                throw MalformedFrameException.broken("a key that comes twice");
            }
        }
        return tags;
    }

    private static List<Wire.NamedText> texts(Map<String, String> texts) {
        return new TreeMap<>(texts)
                .entrySet().stream()
                        .map(text -> Wire.NamedText.newBuilder()
                                .setName(text.getKey())
                                .setText(text.getValue())
                                .build())
                        .toList();
    }

    private static Map<String, String> textMap(List<Wire.NamedText> wires) throws MalformedFrameException {
        var texts = new TreeMap<String, String>();
        for (var wire : wires) {
            if (texts.put(wire.getName(), wire.getText()) != null) {
                throw MalformedFrameException.broken("a name that comes twice");
            }
        }
        return texts;
    }
}
