package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.attestation.AttestationClaims;
import dev.strongroom.hsm.protocol.attestation.CoseSign1;
import dev.strongroom.hsm.protocol.attestation.InvalidAttestationException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.util.PublicKeyFactory;

/**
 * What an enclave says about itself, after it was verified: AWS Nitro Enclaves, attestation process, a COSE_Sign1 (RFC
 * 9052) signed by ES384 with a certificate that chains to a root.
 */
public final class AttestationDocument {

    /** A document may be this much older or younger than now. AWS is said to give five minutes; not confirmed. */
    static final Duration LIFETIME = Duration.ofMinutes(5);

    private static final int COORDINATE_BYTES = 48;
    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 4096;

    private final String moduleId;
    private final Instant timestamp;
    private final SortedMap<Integer, Bytes> pcrs;
    private final Bytes publicKey;

    private AttestationDocument(AttestationClaims claims, Bytes publicKey) {
        this.moduleId = claims.moduleId();
        this.timestamp = claims.timestamp();
        this.pcrs = claims.pcrs();
        this.publicKey = publicKey;
    }

    /**
     * Verifies a document.
     *
     * @param document COSE_Sign1, tagged or not
     * @param roots certificates to which it may chain; none trusts nothing
     * @throws InvalidAttestationException if anything about it is not right, or it carries no RSA key of 2,048 to 4,096
     *     bits to encrypt to
     */
    public static AttestationDocument verify(byte[] document, Set<X509Certificate> roots, Instant now)
            throws InvalidAttestationException {
        var signed = CoseSign1.parse(document);
        var claims = AttestationClaims.parse(signed.payload());
        if (Duration.between(claims.timestamp(), now).abs().compareTo(LIFETIME) > 0) {
            throw new InvalidAttestationException("an attestation document of " + claims.timestamp());
        }
        var signer = AttestationChain.verify(claims.certificate(), claims.caBundle(), roots, now);
        requireSignature(signed, signer);
        return new AttestationDocument(claims, encryptionKey(claims.publicKey()));
    }

    private static void requireSignature(CoseSign1 signed, X509Certificate signer) throws InvalidAttestationException {
        try {
            var key = EcEncoding.parsePublic(Curve.P384, signer.getPublicKey().getEncoded());
            var signature = signed.signature();
            if (signature.length == 2 * COORDINATE_BYTES) {
                var verifier = new ECDSASigner();
                verifier.init(false, key);
                var digest = Providers.SHA_384.digest().digest(signed.toBeSigned());
                var r = new BigInteger(1, signature, 0, COORDINATE_BYTES);
                var s = new BigInteger(1, signature, COORDINATE_BYTES, COORDINATE_BYTES);
                if (verifier.verifySignature(digest, r, s)) {
                    return;
                }
            }
        } catch (InvalidPublicKeyException e) {
            throw new InvalidAttestationException("an attestation document is not signed on P-384");
        }
        throw new InvalidAttestationException("the signature of an attestation document is not its certificate's");
    }

    private static Bytes encryptionKey(byte[] spki) throws InvalidAttestationException {
        try {
            if (spki.length > 0 && PublicKeyFactory.createKey(spki) instanceof RSAKeyParameters rsa) {
                int bits = rsa.getModulus().bitLength();
                var canonical = PrivateKeys.spki(rsa);
                if (bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS && Arrays.equals(canonical.readOnlyArray(), spki)) {
                    return canonical;
                }
            }
        } catch (IOException | RuntimeException e) {
            // The decoder's way to say that this is no key.
        }
        throw new InvalidAttestationException("an attestation document without an RSA key of 2048 to 4096 bits");
    }

    /** The enclave's RSA key, SubjectPublicKeyInfo in DER. */
    public Bytes publicKey() {
        return publicKey;
    }

    /** The measurements by number (0 to 31), each 32, 48 or 64 bytes. */
    public Map<Integer, Bytes> pcrs() {
        return pcrs;
    }

    public String moduleId() {
        return moduleId;
    }

    public Instant timestamp() {
        return timestamp;
    }
}
