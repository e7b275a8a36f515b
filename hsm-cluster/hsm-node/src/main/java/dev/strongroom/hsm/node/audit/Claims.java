package dev.strongroom.hsm.node.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** What trails say about the trails of other nodes: the heads that were made known. */
final class Claims {

    /**
     * One head, as another trail holds it.
     *
     * @param holder the node whose trail it stands in
     */
    record Claim(String holder, TrailHead head) {}

    private final Map<String, NavigableMap<Long, List<Claim>>> byNode = new HashMap<>();

    /** Takes the claim out of a record, if it is one of that kind. */
    void collect(TrailRecord record) throws MalformedTrailException {
        if (record.kind().equals("peer")) {
            var head = head(record);
            byNode.computeIfAbsent(head.node(), node -> new TreeMap<>())
                    .computeIfAbsent(head.seq(), seq -> new ArrayList<>())
                    .add(new Claim(record.position().node(), head));
        }
    }

    private static TrailHead head(TrailRecord record) throws MalformedTrailException {
        var scan = record.fields().scan();
        var head = new TrailHead(
                scan.expect(",\"peerNode\":").text(),
                scan.expect(",\"peerBoot\":").number(),
                scan.expect(",\"peerSeq\":").number(),
                scan.expect(",\"peerHash\":").quotedHex(),
                scan.expect(",\"peerSignature\":").quotedHex());
        scan.requireEnd();
        return head;
    }

    /** What is claimed about a record. */
    List<Claim> about(String node, long seq) {
        return of(node).getOrDefault(seq, List.of());
    }

    /** What is claimed about records beyond {@code seq}. */
    List<Claim> beyond(String node, long seq) {
        return of(node).tailMap(seq, false).values().stream()
                .flatMap(List::stream)
                .toList();
    }

    /** What is said of each node of which there is no trail here: the last head that is claimed. */
    List<Claim> aboutOthersThan(Set<String> nodes) {
        return byNode.entrySet().stream()
                .filter(node -> !nodes.contains(node.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .map(node -> node.getValue().lastEntry().getValue().get(0))
                .toList();
    }

    private NavigableMap<Long, List<Claim>> of(String node) {
        return byNode.getOrDefault(node, new TreeMap<>());
    }
}
