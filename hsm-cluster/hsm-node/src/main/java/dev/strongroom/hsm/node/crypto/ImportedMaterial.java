package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.KeySpec;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;

/**
 * Whether bytes from outside are a key of a given spec, and its canonical form: two imports of the same key give the same
 * material, however they were encoded.
 */
public final class ImportedMaterial {

    private static final int SYMMETRIC_BYTES = 32;

    /** Beyond any key in any form that is accepted; ML-DSA-87 with seed and expanded key has 4,972. */
    private static final int MAX_PKCS8_BYTES = 6144;

    private final KeyGeneration generation;

    public ImportedMaterial(Entropy entropy) {
        this.generation = new KeyGeneration(entropy);
    }

    /**
     * Checks and takes in: 32 bytes for SYMMETRIC_DEFAULT, the lengths of {@code kms:ImportKeyMaterial} for HMAC, PKCS#8
     * for key pairs, which are checked as far as their numbers allow and then used once in every way.
     *
     * @param octets stay the caller's, who wipes them
     * @return the material; the caller closes it
     * @throws InvalidKeyMaterialException if it is not a key of {@code spec}
     */
    public KeyMaterial canonical(KeySpec spec, byte[] octets) throws InvalidKeyMaterialException {
        return switch (spec) {
            case SYMMETRIC_DEFAULT -> bytes(octets, SYMMETRIC_BYTES, SYMMETRIC_BYTES);
            case HMAC_224 -> bytes(octets, 28, 64);
            case HMAC_256 -> bytes(octets, 32, 64);
            case HMAC_384 -> bytes(octets, 48, 128);
            case HMAC_512 -> bytes(octets, 64, 128);
            default -> pair(spec, octets);
        };
    }

    private static KeyMaterial bytes(byte[] octets, int least, int most) throws InvalidKeyMaterialException {
        if (octets.length < least || octets.length > most) {
            throw new InvalidKeyMaterialException(
                    "key material of " + octets.length + " bytes instead of " + least + " to " + most);
        }
        return KeyMaterial.takeFrom(octets.clone());
    }

    private KeyMaterial pair(KeySpec spec, byte[] pkcs8) throws InvalidKeyMaterialException {
        if (pkcs8.length > MAX_PKCS8_BYTES) {
            throw new InvalidKeyMaterialException("a private key of " + pkcs8.length + " bytes");
        }
        var key = PrivateKeys.parse(spec, pkcs8);
        if (key instanceof RSAPrivateCrtKeyParameters rsa) {
            RsaEncoding.requirePrimes(rsa);
        }
        try {
            return generation.tested(spec, PrivateKeys.encode(key));
        } catch (IllegalStateException e) {
            // A key that passes all checks of its numbers and yet does not work is a bad key, not a bad machine.
            throw new InvalidKeyMaterialException("a private key that does not work as " + spec);
        }
    }
}
