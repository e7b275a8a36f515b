package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.KeySpec;

/** Makes the key pairs that GenerateDataKeyPair hands out; of all key pairs only ML-DSA is not to be had that way. */
public final class DataKeyPairs {

    private final Entropy entropy;
    private final KeyGeneration generation;

    public DataKeyPairs(Entropy entropy) {
        this.entropy = entropy;
        this.generation = new KeyGeneration(entropy);
    }

    /**
     * A new key pair; the caller closes it.
     *
     * @throws IllegalArgumentException if {@code spec} is not one of the twelve
     */
    public DataKeyPair generate(KeySpec spec) {
        switch (spec) {
            case SYMMETRIC_DEFAULT, HMAC_224, HMAC_256, HMAC_384, HMAC_512, ML_DSA_44, ML_DSA_65, ML_DSA_87 ->
                throw new IllegalArgumentException(spec + " is not for data key pairs");
            default -> {
                // The key specs that are left are the twelve pair specs.
            }
        }
        try (var material = generation.generate(spec);
                var pair = KeyPair.open(spec, material, entropy)) {
            var pkcs8 = new byte[material.length()];
            material.read(0, pkcs8, pkcs8.length);
            return new DataKeyPair(pkcs8, pair.publicKey());
        } catch (UnsealException e) {
            throw new IllegalStateException("a new key was opened before", e);
        }
    }
}
