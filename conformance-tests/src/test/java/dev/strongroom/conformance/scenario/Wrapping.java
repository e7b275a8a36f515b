package dev.strongroom.conformance.scenario;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.SM2Engine;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.AlgorithmSpec;

/** What an owner of key material does with the public key that KMS gave: the JDK's ciphers, Bouncy Castle for SM2. */
public final class Wrapping {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Wrapping() {}

    static byte[] randomBytes(int length) {
        var octets = new byte[length];
        RANDOM.nextBytes(octets);
        return octets;
    }

    public static SdkBytes wrap(AlgorithmSpec algorithm, SdkBytes publicKey, byte[] material) {
        try {
            return SdkBytes.fromByteArray(
                    switch (algorithm) {
                        case RSAES_OAEP_SHA_1 -> oaep("SHA-1", publicKey, material);
                        case RSAES_OAEP_SHA_256 -> oaep("SHA-256", publicKey, material);
                        case RSA_AES_KEY_WRAP_SHA_1 -> twice("SHA-1", publicKey, material);
                        case RSA_AES_KEY_WRAP_SHA_256 -> twice("SHA-256", publicKey, material);
                        case SM2_PKE -> sm2(publicKey, material);
                        default -> throw new IllegalArgumentException(algorithm + " is not used any more");
                    });
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] oaep(String hash, SdkBytes publicKey, byte[] material) throws GeneralSecurityException {
        var mgf = hash.equals("SHA-1") ? MGF1ParameterSpec.SHA1 : MGF1ParameterSpec.SHA256;
        var cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                rsa(publicKey),
                new OAEPParameterSpec(hash, "MGF1", mgf, PSource.PSpecified.DEFAULT));
        return cipher.doFinal(material);
    }

    private static byte[] twice(String hash, SdkBytes publicKey, byte[] material) throws GeneralSecurityException {
        var aesKey = randomBytes(32);
        var cipher = Cipher.getInstance("AESWrapPad");
        cipher.init(Cipher.WRAP_MODE, new SecretKeySpec(aesKey, "AES"));
        var wrapped = cipher.wrap(new SecretKeySpec(material, "RAW"));
        var key = oaep(hash, publicKey, aesKey);
        var both = Arrays.copyOf(key, key.length + wrapped.length);
        System.arraycopy(wrapped, 0, both, key.length, wrapped.length);
        return both;
    }

    /** C1, C3, C2 as ASN.1 (GB/T 35276), which is what KMS and OpenSSL write and read. */
    private static byte[] sm2(SdkBytes publicKey, byte[] material) {
        try {
            var key = (ECPublicKeyParameters) PublicKeyFactory.createKey(publicKey.asByteArray());
            var engine = new SM2Engine(SM2Engine.Mode.C1C3C2);
            engine.init(true, new ParametersWithRandom(key, RANDOM));
            var raw = engine.processBlock(material, 0, material.length);
            var size = (key.getParameters().getCurve().getFieldSize() + 7) / 8;
            var vector = new ASN1EncodableVector();
            vector.add(integer(raw, 1, size));
            vector.add(integer(raw, 1 + size, size));
            vector.add(new DEROctetString(Arrays.copyOfRange(raw, 1 + 2 * size, 1 + 2 * size + 32)));
            vector.add(new DEROctetString(Arrays.copyOfRange(raw, 1 + 2 * size + 32, raw.length)));
            return new DERSequence(vector).getEncoded();
        } catch (InvalidCipherTextException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ASN1Integer integer(byte[] octets, int from, int length) {
        return new ASN1Integer(new BigInteger(1, Arrays.copyOfRange(octets, from, from + length)));
    }

    private static PublicKey rsa(SdkBytes publicKey) throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(publicKey.asByteArray()));
    }

    public static KeyPair rsaPair(int bits) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static KeyPair ecPair(String curve) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
