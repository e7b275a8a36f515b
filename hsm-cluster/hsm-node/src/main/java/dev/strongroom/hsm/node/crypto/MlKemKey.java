package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.Bytes;
import java.security.SecureRandom;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;

/** ML-KEM (FIPS 203). A blob of the right length always opens, to a pseudorandom secret if it was not made for this key. */
final class MlKemKey implements AsymmetricKey {

    private final MLKEMPrivateKeyParameters privateKey;
    private final MLKEMPublicKeyParameters publicKey;
    private final SecureRandom random;
    private final Bytes spki;

    MlKemKey(MLKEMPrivateKeyParameters key, SecureRandom random) {
        this.privateKey = key;
        this.publicKey = key.getPublicKeyParameters();
        this.random = random;
        this.spki = PrivateKeys.spki(publicKey);
    }

    @Override
    public Bytes publicKey() {
        return spki;
    }

    @Override
    public Encapsulation encapsulate() {
        var made = new MLKEMGenerator(random).generateEncapsulated(publicKey);
        return new Encapsulation(made.getSecret(), made.getEncapsulation());
    }

    @Override
    public byte[] decapsulate(byte[] blob) throws InvalidCiphertextException {
        if (blob.length != privateKey.getParameters().getEncapsulationLength()) {
            throw new InvalidCiphertextException();
        }
        return new MLKEMExtractor(privateKey).extractSecret(blob);
    }
}
