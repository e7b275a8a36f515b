package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.UnsealException;
import dev.strongroom.hsm.node.vault.RecordSealer;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.WrappingAlgorithm;
import dev.strongroom.hsm.protocol.WrappingKeySpec;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * What {@code GetParametersForImport} hands out as ImportToken: the private half of the wrapping key, sealed. No node
 * remembers it, so any node opens it, also after a restart, as often as the caller likes until its time is over.
 *
 * <pre>
 * offset  bytes  content
 *      0      4  "SRIT"
 *      4      1  version 0x01
 *      5      1  wrapping algorithm, by its place in the list below
 *      6      1  wrapping key spec, likewise
 *      7      8  end of its time, milliseconds since 1970, big-endian
 *     15      n  the private key, sealed under the active domain key; bound to bytes 0 to 14 and to account, Region and
 *                key id of the KMS key
 * </pre>
 *
 * <p>Under a domain key and not under a key of the root key's own: when the domain key is destroyed, what was once
 * imported with the token can no longer be unwrapped by anybody who kept token and wrapped material.
 *
 * @param sealed the token from offset 15
 */
record ImportToken(WrappingAlgorithm algorithm, WrappingKeySpec spec, Instant validTo, Bytes sealed) {

    private static final int MAGIC = 0x53524954;
    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 15;

    /** Places in here are numbers in tokens: new ones go to the end. */
    private static final List<WrappingAlgorithm> ALGORITHMS = List.of(
            WrappingAlgorithm.RSAES_OAEP_SHA_1,
            WrappingAlgorithm.RSAES_OAEP_SHA_256,
            WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_1,
            WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_256,
            WrappingAlgorithm.SM2PKE);

    private static final List<WrappingKeySpec> SPECS =
            List.of(WrappingKeySpec.RSA_2048, WrappingKeySpec.RSA_3072, WrappingKeySpec.RSA_4096, WrappingKeySpec.SM2);

    /**
     * A token for {@code name}.
     *
     * @param wrappingKey stays the caller's
     */
    static ImportToken seal(
            RecordSealer sealer,
            KeyName name,
            WrappingAlgorithm algorithm,
            WrappingKeySpec spec,
            Instant validTo,
            KeyMaterial wrappingKey) {
        var header = header(algorithm, spec, validTo);
        return new ImportToken(algorithm, spec, validTo, Bytes.wrap(sealer.sealWrappingKey(header, name, wrappingKey)));
    }

    /** The token that a caller brought, not yet opened; refuses what can be none. */
    static ImportToken read(Bytes token) {
        var octets = token.readOnlyArray();
        if (octets.length <= HEADER_BYTES) {
            throw new Refused(Refusal.INVALID_IMPORT_TOKEN);
        }
        var in = ByteBuffer.wrap(octets);
        if (in.getInt() != MAGIC || in.get() != VERSION) {
            throw new Refused(Refusal.INVALID_IMPORT_TOKEN);
        }
        try {
            return new ImportToken(
                    ALGORITHMS.get(in.get()),
                    SPECS.get(in.get()),
                    Instant.ofEpochMilli(in.getLong()),
                    Bytes.wrap(Arrays.copyOfRange(octets, HEADER_BYTES, octets.length)));
        } catch (IndexOutOfBoundsException | DateTimeException e) {
            throw new Refused(Refusal.INVALID_IMPORT_TOKEN);
        }
    }

    Bytes octets() {
        return Bytes.wrap(ByteBuffer.allocate(HEADER_BYTES + sealed.length())
                .put(header(algorithm, spec, validTo))
                .put(sealed.readOnlyArray())
                .array());
    }

    /** The private key, which the caller closes; refuses if the token is none for {@code name}, or its time is over. */
    KeyMaterial open(RecordSealer sealer, KeyName name, Instant now) {
        KeyMaterial wrappingKey;
        try {
            wrappingKey = sealer.openWrappingKey(header(algorithm, spec, validTo), name, sealed.readOnlyArray());
        } catch (UnsealException e) {
            throw new Refused(Refusal.INVALID_IMPORT_TOKEN);
        }
        // Only now: the date of a token that is not authentic says nothing.
        if (!now.isBefore(validTo)) {
            wrappingKey.close();
            throw new Refused(Refusal.EXPIRED_IMPORT_TOKEN);
        }
        return wrappingKey;
    }

    private static byte[] header(WrappingAlgorithm algorithm, WrappingKeySpec spec, Instant validTo) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .putInt(MAGIC)
                .put(VERSION)
                .put((byte) ALGORITHMS.indexOf(algorithm))
                .put((byte) SPECS.indexOf(spec))
                .putLong(validTo.toEpochMilli())
                .array();
    }
}
