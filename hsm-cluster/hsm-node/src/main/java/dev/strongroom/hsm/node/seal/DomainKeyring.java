package dev.strongroom.hsm.node.seal;

import static java.util.Objects.requireNonNull;

import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.MaterialSeal;
import dev.strongroom.hsm.node.crypto.RecordSeal;
import dev.strongroom.hsm.node.crypto.UnsealException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The domain keys that seal records: numbered from 1, the highest is active, the older ones open what was sealed before.
 * A keyring does not change; rotating makes a new one, which shares nothing with the old, so each is closed on its own.
 *
 * <pre>
 * offset  bytes  sealed keyring
 *      0      1  version 0x01
 *      1      1  count, 1 to 255
 *      2     4c  the numbers, big-endian, ascending
 *   2+4c    81c  MaterialSeal of each key; AAD = bytes 0 to 1+4c || its number || aad
 *
 * offset  bytes  sealed payload of a record
 *      0      4  number of the domain key
 *      4      n  RecordSeal or MaterialSeal; AAD = kind of seal (1 or 2) || the number || aad
 * </pre>
 *
 * <p>Safe for concurrent use.
 */
public final class DomainKeyring implements AutoCloseable {

    private static final byte VERSION = 1;
    private static final int MAX_KEYS = 255;
    private static final int KEY_BYTES = 32;
    private static final int SEALED_KEY_BYTES = KEY_BYTES + MaterialSeal.OVERHEAD_BYTES;
    private static final byte RECORD = 1;
    private static final byte MATERIAL = 2;
    private static final byte TOKEN = 3;

    private final Entropy entropy;
    private final RecordSeal recordSeal;
    private final MaterialSeal materialSeal;
    private final SortedMap<Integer, KeyMaterial> keys;

    /** Takes the keys over. */
    private DomainKeyring(SortedMap<Integer, KeyMaterial> keys, Entropy entropy) {
        this.keys = keys;
        this.entropy = entropy;
        this.recordSeal = new RecordSeal(entropy);
        this.materialSeal = new MaterialSeal(entropy);
    }

    /** A keyring with one fresh key, number 1. */
    public static DomainKeyring create(Entropy entropy) {
        var keys = new TreeMap<Integer, KeyMaterial>();
        keys.put(1, entropy.newKey(KEY_BYTES));
        return new DomainKeyring(keys, entropy);
    }

    /** Copies of these keys and a fresh one, which is active. */
    public DomainKeyring rotated() {
        if (keys.size() == MAX_KEYS) {
            throw new IllegalStateException("a keyring has at most " + MAX_KEYS + " keys: retire old ones first");
        }
        var more = copies();
        more.put(activeNumber() + 1, entropy.newKey(KEY_BYTES));
        return new DomainKeyring(more, entropy);
    }

    /**
     * Copies of these keys without {@code number}: what is still sealed under it can never be opened again.
     *
     * @throws IllegalArgumentException if it is the active key or not in this keyring
     */
    public DomainKeyring without(int number) {
        if (number == activeNumber() || !keys.containsKey(number)) {
            throw new IllegalArgumentException("domain key " + number + " is active or absent");
        }
        var fewer = copies();
        requireNonNull(fewer.remove(number)).close();
        return new DomainKeyring(fewer, entropy);
    }

    /** The number of the key that seals. */
    public int activeNumber() {
        return keys.lastKey();
    }

    /** The number of the domain key that opens {@code sealed}; 0 if that is no sealed payload. */
    public static int numberOf(byte[] sealed) {
        return sealed.length < Integer.BYTES ? 0 : ByteBuffer.wrap(sealed).getInt();
    }

    /**
     * Seals the keyring itself.
     *
     * @param wrapKey the root key's {@link Purpose#DOMAIN_WRAP}
     * @param aad the place of the result
     */
    public byte[] seal(KeyMaterial wrapKey, byte[] aad) {
        var header = ByteBuffer.allocate(2 + Integer.BYTES * keys.size())
                .put(VERSION)
                .put((byte) keys.size());
        keys.keySet().forEach(header::putInt);
        var sealed = ByteBuffer.allocate(header.capacity() + SEALED_KEY_BYTES * keys.size())
                .put(header.array());
        keys.forEach((number, key) -> sealed.put(materialSeal.seal(wrapKey, keyAad(header.array(), number, aad), key)));
        return sealed.array();
    }

    /**
     * Opens what {@link #seal} made.
     *
     * @throws UnsealException if it was not sealed in this place under this key, or was changed
     */
    public static DomainKeyring open(KeyMaterial wrapKey, byte[] aad, byte[] sealed, Entropy entropy)
            throws UnsealException {
        int count = sealed.length < 2 ? 0 : sealed[1] & 0xff;
        if (count == 0 || sealed[0] != VERSION || sealed.length != 2 + (Integer.BYTES + SEALED_KEY_BYTES) * count) {
            throw new UnsealException("not a domain keyring of version " + VERSION);
        }
        var in = ByteBuffer.wrap(sealed);
        var header = new byte[2 + Integer.BYTES * count];
        in.get(header);
        var keyring = new DomainKeyring(new TreeMap<>(), entropy);
        try {
            for (int i = 0; i < count; i++) {
                int number = ByteBuffer.wrap(header).getInt(2 + Integer.BYTES * i);
                var one = new byte[SEALED_KEY_BYTES];
                in.get(one);
                keyring.keys.put(number, keyring.materialSeal.open(wrapKey, keyAad(header, number, aad), one));
            }
            return keyring;
        } catch (UnsealException e) {
            keyring.close();
            throw e;
        }
    }

    /** Seals the payload of a record under the active key. */
    public byte[] sealRecord(byte[] aad, byte[] plaintext) {
        int number = activeNumber();
        return numbered(number, recordSeal.seal(key(number), placeAad(RECORD, number, aad), plaintext));
    }

    /**
     * Opens the payload of a record; the caller wipes it.
     *
     * @throws UnsealException if it was not sealed as a record in this place by this cluster, or was changed
     */
    public byte[] openRecord(byte[] aad, byte[] sealed) throws UnsealException {
        int number = requireNumber(sealed);
        return recordSeal.open(key(number), placeAad(RECORD, number, aad), content(sealed));
    }

    /** Seals what a caller carries away under the active key. */
    public byte[] sealToken(byte[] aad, byte[] plaintext) {
        int number = activeNumber();
        return numbered(number, recordSeal.seal(key(number), placeAad(TOKEN, number, aad), plaintext));
    }

    /**
     * Opens what {@link #sealToken} sealed; the caller wipes it.
     *
     * @throws UnsealException if it was not sealed as a token in this place by this cluster, or was changed
     */
    public byte[] openToken(byte[] aad, byte[] sealed) throws UnsealException {
        int number = requireNumber(sealed);
        return recordSeal.open(key(number), placeAad(TOKEN, number, aad), content(sealed));
    }

    /** Seals key material under the active key, without a copy on the heap. */
    public byte[] sealMaterial(byte[] aad, KeyMaterial material) {
        int number = activeNumber();
        return numbered(number, materialSeal.seal(key(number), placeAad(MATERIAL, number, aad), material));
    }

    /**
     * Opens key material; the caller closes it.
     *
     * @throws UnsealException if it was not sealed as material in this place by this cluster, or was changed
     */
    public KeyMaterial openMaterial(byte[] aad, byte[] sealed) throws UnsealException {
        int number = requireNumber(sealed);
        return materialSeal.open(key(number), placeAad(MATERIAL, number, aad), content(sealed));
    }

    private int requireNumber(byte[] sealed) throws UnsealException {
        int number = numberOf(sealed);
        if (!keys.containsKey(number)) {
            throw new UnsealException("sealed under domain key " + number + ", which this keyring does not hold");
        }
        return number;
    }

    private KeyMaterial key(int number) {
        return requireNonNull(keys.get(number));
    }

    private SortedMap<Integer, KeyMaterial> copies() {
        var copies = new TreeMap<Integer, KeyMaterial>();
        keys.forEach((number, key) -> copies.put(number, key.copy()));
        return copies;
    }

    private static byte[] keyAad(byte[] header, int number, byte[] aad) {
        return ByteBuffer.allocate(header.length + Integer.BYTES + aad.length)
                .put(header)
                .putInt(number)
                .put(aad)
                .array();
    }

    private static byte[] placeAad(byte kindOfSeal, int number, byte[] aad) {
        return ByteBuffer.allocate(1 + Integer.BYTES + aad.length)
                .put(kindOfSeal)
                .putInt(number)
                .put(aad)
                .array();
    }

    private static byte[] numbered(int number, byte[] content) {
        return ByteBuffer.allocate(Integer.BYTES + content.length)
                .putInt(number)
                .put(content)
                .array();
    }

    private static byte[] content(byte[] sealed) {
        return Arrays.copyOfRange(sealed, Integer.BYTES, sealed.length);
    }

    @Override
    public void close() {
        keys.values().forEach(KeyMaterial::close);
    }

    @Override
    public String toString() {
        return "DomainKeyring" + keys.keySet();
    }
}
