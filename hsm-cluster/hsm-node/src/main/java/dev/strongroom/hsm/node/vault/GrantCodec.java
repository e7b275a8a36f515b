package dev.strongroom.hsm.node.vault;

import dev.strongroom.hsm.node.wire.RecordWire;
import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.Stamp;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Grants as protobuf, see {@code node.proto}. */
final class GrantCodec {

    private GrantCodec() {}

    static RecordWire.Grant write(GrantRecord grant) {
        var terms = grant.terms();
        var message = RecordWire.Grant.newBuilder()
                .setKey(ContentCodec.name(grant.key()))
                .setId(grant.id())
                .setGrantee(terms.grantee().name())
                .addAllOperations(terms.operations())
                .setName(terms.name())
                .setIssuingAccount(grant.issuingAccount())
                .setCreated(ContentCodec.time(grant.created()));
        terms.grantee().uniqueId().ifPresent(message::setGranteeId);
        terms.retiring().map(GrantRecord.Party::name).ifPresent(message::setRetiring);
        terms.retiring().flatMap(GrantRecord.Party::uniqueId).ifPresent(message::setRetiringId);
        terms.constraints().contextEquals().map(GrantCodec::pairs).ifPresent(message::setContextEquals);
        terms.constraints().contextSubset().map(GrantCodec::pairs).ifPresent(message::setContextSubset);
        terms.constraints().sourceArn().ifPresent(message::setSourceArn);
        return message.build();
    }

    static GrantRecord read(RecordWire.Grant m, Stamp stamp) {
        var constraints = new GrantRecord.Constraints(
                m.hasContextEquals() ? Optional.of(pairs(m.getContextEquals())) : Optional.empty(),
                m.hasContextSubset() ? Optional.of(pairs(m.getContextSubset())) : Optional.empty(),
                m.hasSourceArn() ? Optional.of(m.getSourceArn()) : Optional.empty());
        var terms = new GrantRecord.Terms(
                new GrantRecord.Party(
                        m.getGrantee(), m.hasGranteeId() ? Optional.of(m.getGranteeId()) : Optional.empty()),
                m.hasRetiring()
                        ? Optional.of(new GrantRecord.Party(
                                m.getRetiring(), m.hasRetiringId() ? Optional.of(m.getRetiringId()) : Optional.empty()))
                        : Optional.empty(),
                // The same few words in every grant.
                m.getOperationsList().stream().map(String::intern).toList(),
                constraints,
                m.getName());
        return new GrantRecord(
                stamp,
                ContentCodec.name(m.getKey()),
                m.getId(),
                terms,
                m.getIssuingAccount(),
                ContentCodec.time(m.getCreated()));
    }

    private static RecordWire.Grant.Pairs pairs(Map<String, String> pairs) {
        var message = RecordWire.Grant.Pairs.newBuilder();
        pairs.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(pair -> message.addNames(pair.getKey()).addValues(pair.getValue()));
        return message.build();
    }

    private static Map<String, String> pairs(RecordWire.Grant.Pairs m) {
        if (m.getNamesCount() != m.getValuesCount()) {
            throw new IllegalArgumentException("a context whose names and values do not pair");
        }
        var pairs = new HashMap<String, String>();
        for (int i = 0; i < m.getNamesCount(); i++) {
            if (pairs.put(m.getNames(i), m.getValues(i)) != null) {
                throw new IllegalArgumentException("a context that names something twice");
            }
        }
        return pairs;
    }
}
