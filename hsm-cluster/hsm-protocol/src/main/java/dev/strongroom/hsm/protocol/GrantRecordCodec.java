package dev.strongroom.hsm.protocol;

import static dev.strongroom.hsm.protocol.ValueReader.bytes;
import static dev.strongroom.hsm.protocol.ValueReader.instant;
import static dev.strongroom.hsm.protocol.ValueReader.keyName;
import static dev.strongroom.hsm.protocol.ValueReader.known;
import static dev.strongroom.hsm.protocol.ValueReader.present;
import static dev.strongroom.hsm.protocol.ValueReader.stamp;
import static dev.strongroom.hsm.protocol.ValueWriter.wire;

import dev.strongroom.hsm.protocol.wire.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Grants, and replies that are made of them, to their messages and back. */
final class GrantRecordCodec {

    private GrantRecordCodec() {}

    static Wire.GrantRecord encode(GrantRecord grant) {
        return Wire.GrantRecord.newBuilder()
                .setStamp(wire(grant.stamp()))
                .setKey(wire(grant.key()))
                .setId(grant.id())
                .setTerms(terms(grant.terms()))
                .setIssuingAccount(grant.issuingAccount())
                .setCreated(wire(grant.created()))
                .build();
    }

    static GrantRecord decode(boolean isSet, Wire.GrantRecord wire) throws MalformedFrameException {
        return new GrantRecord(
                stamp(present(isSet, wire).hasStamp(), wire.getStamp()),
                keyName(wire.hasKey(), wire.getKey()),
                wire.getId(),
                terms(wire.hasTerms(), wire.getTerms()),
                wire.getIssuingAccount(),
                instant(wire.hasCreated(), wire.getCreated()));
    }

    static Wire.FoundGrants write(Reply.FoundGrants reply) {
        return Wire.FoundGrants.newBuilder()
                .addAllGrants(encode(reply.grants()))
                .build();
    }

    static Reply foundGrants(Wire.FoundGrants wire) throws MalformedFrameException {
        return new Reply.FoundGrants(decode(wire.getGrantsList()));
    }

    static Wire.GrantPage write(Reply.GrantPage reply) {
        return Wire.GrantPage.newBuilder()
                .addAllGrants(encode(reply.grants()))
                .setTruncated(reply.truncated())
                .setIndex(reply.index())
                .addAllGone(reply.gone().stream().sorted().toList())
                .build();
    }

    static Reply grantPage(Wire.GrantPage wire) throws MalformedFrameException {
        return new Reply.GrantPage(
                decode(wire.getGrantsList()), wire.getTruncated(), wire.getIndex(), new HashSet<>(wire.getGoneList()));
    }

    static Wire.CreatedGrant write(Reply.CreatedGrant reply) {
        return Wire.CreatedGrant.newBuilder()
                .setGrant(encode(reply.grant()))
                .setToken(wire(reply.token()))
                .build();
    }

    static Reply createdGrant(Wire.CreatedGrant wire) throws MalformedFrameException {
        return new Reply.CreatedGrant(decode(wire.hasGrant(), wire.getGrant()), bytes(wire.getToken()));
    }

    private static List<Wire.GrantRecord> encode(List<GrantRecord> grants) {
        return grants.stream().map(GrantRecordCodec::encode).toList();
    }

    private static List<GrantRecord> decode(List<Wire.GrantRecord> wires) throws MalformedFrameException {
        var grants = new ArrayList<GrantRecord>(wires.size());
        for (var wire : wires) {
            grants.add(decode(true, wire));
        }
        return grants;
    }

    static Wire.GrantTerms terms(GrantRecord.Terms terms) {
        var constraints = Wire.GrantTerms.Constraints.newBuilder();
        terms.constraints().contextEquals().map(GrantRecordCodec::pairs).ifPresent(constraints::setContextEquals);
        terms.constraints().contextSubset().map(GrantRecordCodec::pairs).ifPresent(constraints::setContextSubset);
        terms.constraints().sourceArn().ifPresent(constraints::setSourceArn);
        var wire = Wire.GrantTerms.newBuilder()
                .setGrantee(terms.grantee().name())
                .addAllOperations(terms.operations())
                .setConstraints(constraints)
                .setName(terms.name());
        terms.grantee().uniqueId().ifPresent(wire::setGranteeId);
        terms.retiring().map(GrantRecord.Party::name).ifPresent(wire::setRetiring);
        terms.retiring().flatMap(GrantRecord.Party::uniqueId).ifPresent(wire::setRetiringId);
        return wire.build();
    }

    static GrantRecord.Terms terms(boolean isSet, Wire.GrantTerms wire) throws MalformedFrameException {
        var terms = known(present(isSet, wire));
        var constraints = known(present(terms.hasConstraints(), terms.getConstraints()));
        return new GrantRecord.Terms(
                new GrantRecord.Party(
                        terms.getGrantee(),
                        terms.hasGranteeId() ? Optional.of(terms.getGranteeId()) : Optional.empty()),
                retiring(terms),
                terms.getOperationsList(),
                new GrantRecord.Constraints(
                        pairs(constraints.hasContextEquals(), constraints.getContextEquals()),
                        pairs(constraints.hasContextSubset(), constraints.getContextSubset()),
                        constraints.hasSourceArn() ? Optional.of(constraints.getSourceArn()) : Optional.empty()),
                terms.getName());
    }

    private static Optional<GrantRecord.Party> retiring(Wire.GrantTerms terms) throws MalformedFrameException {
        if (!terms.hasRetiring() && terms.hasRetiringId()) {
            throw MalformedFrameException.broken("the unique id of nobody");
        }
        return terms.hasRetiring()
                ? Optional.of(new GrantRecord.Party(
                        terms.getRetiring(),
                        terms.hasRetiringId() ? Optional.of(terms.getRetiringId()) : Optional.empty()))
                : Optional.empty();
    }

    /** In order, so that equal contexts give equal bytes. */
    static Wire.Pairs pairs(Map<String, String> pairs) {
        var wire = Wire.Pairs.newBuilder();
        pairs.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(pair -> wire.addPairs(
                        Wire.Pairs.Pair.newBuilder().setName(pair.getKey()).setValue(pair.getValue())));
        return wire.build();
    }

    static Optional<Map<String, String>> pairs(boolean isSet, Wire.Pairs wire) throws MalformedFrameException {
        if (!isSet) {
            return Optional.empty();
        }
        var pairs = new HashMap<String, String>();
        for (var pair : known(wire).getPairsList()) {
            if (pairs.put(known(pair).getName(), pair.getValue()) != null) {
                throw MalformedFrameException.broken("a context that names something twice");
            }
        }
        return Optional.of(pairs);
    }
}
