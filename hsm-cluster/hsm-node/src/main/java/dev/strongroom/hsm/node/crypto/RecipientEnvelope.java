package dev.strongroom.hsm.node.crypto;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAESOAEPparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.bc.BcX509ExtensionUtils;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.KeyTransRecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.AsymmetricKeyWrapper;
import org.bouncycastle.operator.jcajce.JceAsymmetricKeyWrapper;

/**
 * CiphertextForRecipient: a CMS EnvelopedData (RFC 5652) in DER with one recipient, named by the key identifier of its
 * public key (RFC 5280, 4.2.1.2, method 1). The content is encrypted by AES-256-CBC under a fresh key, that key by
 * RSAES-OAEP with SHA-256 and MGF1 with SHA-256 (RFC 4055).
 *
 * <p>CBC has no integrity, and AWS's clients expect it: whoever stands between node and enclave can change the content,
 * not read it. The connection on which it travels is authenticated. Safe for concurrent use.
 */
public final class RecipientEnvelope {

    private static final Provider PROVIDER = new BouncyCastleProvider();

    private static final AlgorithmIdentifier SHA_256 =
            new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256, DERNull.INSTANCE);
    private static final AlgorithmIdentifier OAEP_SHA_256 = new AlgorithmIdentifier(
            PKCSObjectIdentifiers.id_RSAES_OAEP,
            new RSAESOAEPparams(
                    SHA_256,
                    new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, SHA_256),
                    RSAESOAEPparams.DEFAULT_P_SOURCE_ALGORITHM));

    private final SecureRandom random;

    public RecipientEnvelope(Entropy entropy) {
        this.random = entropy.asSecureRandom();
    }

    /**
     * Encrypts {@code plaintext}, which stays the caller's.
     *
     * @param recipient the key of a verified {@link AttestationDocument}
     */
    public byte[] seal(AttestationDocument recipient, byte[] plaintext) {
        return seal(recipient.publicKey().readOnlyArray(), plaintext);
    }

    byte[] seal(byte[] spki, byte[] plaintext) {
        try {
            var wrapper = new JceAsymmetricKeyWrapper(OAEP_SHA_256, read(spki))
                    .setProvider(PROVIDER)
                    .setSecureRandom(random);
            var generator = new CMSEnvelopedDataGenerator();
            generator.addRecipientInfoGenerator(new Recipient(keyIdentifier(spki), wrapper));
            var encryptor = new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_CBC)
                    .setProvider(PROVIDER)
                    .setSecureRandom(random)
                    .build();
            return generator
                    .generate(new CMSProcessableByteArray(plaintext), encryptor)
                    .toASN1Structure()
                    .getEncoded(ASN1Encoding.DER);
        } catch (CMSException | GeneralSecurityException | IOException e) {
            throw new IllegalStateException("an envelope for a key that was checked could not be made", e);
        }
    }

    private static PublicKey read(byte[] spki) throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA", PROVIDER).generatePublic(new X509EncodedKeySpec(spki));
    }

    private static byte[] keyIdentifier(byte[] spki) {
        return new BcX509ExtensionUtils()
                .createSubjectKeyIdentifier(SubjectPublicKeyInfo.getInstance(spki))
                .getKeyIdentifier();
    }

    /** The library's own one takes no source of randomness. */
    private static final class Recipient extends KeyTransRecipientInfoGenerator {
        Recipient(byte[] keyIdentifier, AsymmetricKeyWrapper wrapper) {
            super(keyIdentifier, wrapper);
        }
    }
}
