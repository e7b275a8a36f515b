package dev.strongroom.hsm.node.cluster;

import dev.strongroom.hsm.node.crypto.MacKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The tags, HMAC-SHA-256, under which a node recognises what it wrote itself. Each kind of content has its own label, and
 * every tag covers cluster, node and place, so that a content moved or swapped no longer fits:
 *
 * <pre>
 * label · 0 · 4 length · lineage id · 4 length · node id · numbers of fixed length · content
 * </pre>
 */
final class JournalTags {

    private final MacKey key;

    private final byte[] owner;

    JournalTags(MacKey key, JournalIdentity identity) {
        this.key = key;
        var lineage = identity.lineageId().getBytes(StandardCharsets.UTF_8);
        var node = identity.nodeId().getBytes(StandardCharsets.UTF_8);
        this.owner = ByteBuffer.allocate(8 + lineage.length + node.length)
                .putInt(lineage.length)
                .put(lineage)
                .putInt(node.length)
                .put(node)
                .array();
    }

    byte[] identity(int format) {
        return tag("identity", format);
    }

    byte[] head(byte[] content) {
        return tag("head", 0, content);
    }

    /** Covers the tag of the entry before it, and so, link by link, everything before it. */
    byte[] entry(long position, byte[] linkBefore, byte[] content) {
        return tag("entry", position, linkBefore, content);
    }

    byte[] chunk(long position, int part, byte[] content) {
        return tag("chunk", position, longBytes(part), content);
    }

    /** Over the tags of all its chunks in order. */
    byte[] snapshot(long position, byte[] chunkTags) {
        return tag("snapshot", position, chunkTags);
    }

    byte[] mark(long generation) {
        return tag("mark", generation);
    }

    byte[] self(byte[] content) {
        return tag("self", 0, content);
    }

    private byte[] tag(String what, long number, byte[]... rest) {
        var parts = new byte[3 + rest.length][];
        parts[0] = ("strongroom journal " + what + " v1\0").getBytes(StandardCharsets.UTF_8);
        parts[1] = owner;
        parts[2] = longBytes(number);
        System.arraycopy(rest, 0, parts, 3, rest.length);
        return key.tag(parts);
    }

    private static byte[] longBytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
