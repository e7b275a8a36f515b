package dev.strongroom.hsm.node.audit;

import java.nio.file.Path;

/**
 * A trail and whose it is.
 *
 * @param folder of its own
 * @param node id of the node
 * @param lineage of the cluster, 32 hexadecimal digits
 * @param version of the software
 * @param flush when the use of a key is on disk
 * @param fileBytes a file that has grown beyond it is left for a new one
 */
public record TrailSettings(Path folder, String node, String lineage, String version, Flush flush, long fileBytes) {

    /** 64 MiB a file. */
    public static final long FILE_BYTES = 64L << 20;

    /** When a record of the use of a key is on disk; records of changes always are before they are answered. */
    public enum Flush {
        /** Within 100 ms of the answer: a power cut, not a killed process, may cost that much. */
        SOON,
        /** Before the answer. */
        STRICT
    }
}
