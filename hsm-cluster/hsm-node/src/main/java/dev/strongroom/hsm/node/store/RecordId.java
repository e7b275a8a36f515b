package dev.strongroom.hsm.node.store;

/**
 * The name of a record outside the seal: 128 bits of a keyed hash over the record's path, so that disk and wire show
 * neither an account nor an alias. Two paths meet with a chance of about n²/2^129.
 *
 * @param high the first eight bytes, big-endian
 * @param low the last eight bytes, big-endian
 */
public record RecordId(long high, long low) {

    public static final int BYTES = 16;

    @Override
    public String toString() {
        return String.format("%016x%016x", high, low);
    }
}
