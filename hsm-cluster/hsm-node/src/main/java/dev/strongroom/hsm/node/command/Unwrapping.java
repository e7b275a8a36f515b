package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.crypto.Digests;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.crypto.ImportWrapping;
import dev.strongroom.hsm.node.crypto.ImportedMaterial;
import dev.strongroom.hsm.node.crypto.InvalidCiphertextException;
import dev.strongroom.hsm.node.crypto.InvalidKeyMaterialException;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.KeyPair;
import dev.strongroom.hsm.node.crypto.UnsealException;
import dev.strongroom.hsm.node.key.ImportRules.Arrival;
import dev.strongroom.hsm.node.key.KeyFits;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.WrappingAlgorithm;
import dev.strongroom.hsm.protocol.WrappingKeySpec;
import java.util.Arrays;
import java.util.Optional;

/** From a wrapping key to wrapped material, and from that to material of the kind that its key takes. */
final class Unwrapping {

    private final Entropy entropy;
    private final ImportWrapping wrapping;
    private final ImportedMaterial imported;

    Unwrapping(Entropy entropy) {
        this.entropy = entropy;
        this.wrapping = new ImportWrapping(entropy);
        this.imported = new ImportedMaterial(entropy);
    }

    /** Refuses an algorithm that is not for such a wrapping key. */
    static void requireFit(WrappingAlgorithm algorithm, WrappingKeySpec spec) {
        if ((algorithm == WrappingAlgorithm.SM2PKE) != (spec == WrappingKeySpec.SM2)) {
            throw new Refused(Refusal.MALFORMED, algorithm + " is not for " + spec);
        }
    }

    /** A new wrapping key, which the caller closes. */
    KeyMaterial newKey(WrappingKeySpec spec) {
        return wrapping.generate(spec);
    }

    Bytes publicKey(WrappingKeySpec spec, KeyMaterial wrappingKey) {
        try {
            return wrapping.publicKey(spec, wrappingKey);
        } catch (UnsealException e) {
            throw new IllegalStateException("a wrapping key just made does not open", e);
        }
    }

    /**
     * The material that was wrapped for the key of {@code token}; the caller closes it. Refuses what has not the length of
     * anything wrapped, what does not unwrap, and what is no key of {@code spec}, in this order.
     */
    KeyMaterial open(ImportToken token, KeyMaterial wrappingKey, Bytes wrapped, KeySpec spec) {
        requireSize(token.algorithm(), modulusBytes(token.spec()), wrapped.length());
        byte[] octets;
        try {
            octets = wrapping.unwrap(token.algorithm(), token.spec(), wrappingKey, wrapped.readOnlyArray());
        } catch (InvalidCiphertextException e) {
            throw new Refused(Refusal.INVALID_CIPHERTEXT);
        } catch (UnsealException e) {
            // The token is authentic: this node or another sealed something that is no wrapping key.
            throw new IllegalStateException("the key in an import token does not open", e);
        }
        try {
            return imported.canonical(spec, octets);
        } catch (InvalidKeyMaterialException e) {
            throw new Refused(Refusal.INCORRECT_KEY_MATERIAL);
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }

    private static void requireSize(WrappingAlgorithm algorithm, int modulusBytes, int length) {
        boolean fits = switch (algorithm) {
            case RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256 -> length == modulusBytes;
            case RSA_AES_KEY_WRAP_SHA_1, RSA_AES_KEY_WRAP_SHA_256 -> length > modulusBytes;
            case SM2PKE -> true;
        };
        if (!fits) {
            throw new Refused(Refusal.INVALID_WRAPPED_SIZE);
        }
    }

    private static int modulusBytes(WrappingKeySpec spec) {
        return switch (spec) {
            case RSA_2048 -> 256;
            case RSA_3072 -> 384;
            case RSA_4096 -> 512;
            case SM2 -> 0;
        };
    }

    /** What may be known of {@code material} as one of {@code key}. */
    Arrival facts(KeyRecord key, KeyMaterial material) {
        var name = key.name();
        var id = Bytes.wrap(Digests.importedKeyId(material, name.scope().accountId(), name.keyId()));
        return new Arrival(
                id, Digests.materialId(id), publicKey(key.attributes().spec(), material));
    }

    private Optional<Bytes> publicKey(KeySpec spec, KeyMaterial material) {
        if (!KeyFits.isPair(spec)) {
            return Optional.empty();
        }
        try (var pair = KeyPair.open(spec, material, entropy)) {
            return Optional.of(pair.publicKey());
        } catch (UnsealException e) {
            throw new IllegalStateException("an imported key pair is in canonical form", e);
        }
    }
}
