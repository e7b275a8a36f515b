package dev.strongroom.hsm.node.vault;

import dev.strongroom.hsm.protocol.GrantRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a grant is called among the records. One with a name is called by all that it was asked for, its id not included: so
 * a second request for the same meets the record of the first, however closely it follows, and without a word between the
 * two. One without a name is called by its id.
 */
final class GrantPath {

    private final List<byte[]> parts = new ArrayList<>();

    private GrantPath() {}

    static byte[][] of(GrantRecord grant) {
        var path = new GrantPath();
        path.add(grant.key().scope().accountId());
        path.add(grant.key().scope().region());
        path.add(grant.key().keyId());
        var terms = grant.terms();
        if (terms.name().isEmpty()) {
            path.add("id");
            path.add(grant.id());
        } else {
            path.add("name");
            path.add(terms.name());
            path.add(grant.issuingAccount());
            path.add(terms.grantee());
            path.add(terms.retiring().isPresent() ? 1 : 0);
            terms.retiring().ifPresent(path::add);
            path.add(terms.operations().size());
            terms.operations().stream().sorted().forEach(path::add);
            path.addPairs(terms.constraints().contextEquals());
            path.addPairs(terms.constraints().contextSubset());
            path.add(terms.constraints().sourceArn());
        }
        return path.parts.toArray(byte[][]::new);
    }

    private void add(String text) {
        parts.add(text.getBytes(StandardCharsets.UTF_8));
    }

    private void add(int count) {
        parts.add(ByteBuffer.allocate(Integer.BYTES).putInt(count).array());
    }

    /** By both its names: the same request in the name of somebody who is gone is another. */
    private void add(GrantRecord.Party party) {
        add(party.name());
        add(party.uniqueId());
    }

    private void add(Optional<String> text) {
        add(text.isPresent() ? 1 : 0);
        text.ifPresent(this::add);
    }

    private void addPairs(Optional<Map<String, String>> pairs) {
        add(pairs.map(Map::size).orElse(-1));
        pairs.orElse(Map.of()).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(pair -> {
                    add(pair.getKey());
                    add(pair.getValue());
                });
    }
}
