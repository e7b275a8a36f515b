package dev.strongroom.hsm.node.crypto;

import java.io.IOException;
import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.jspecify.annotations.Nullable;

/** Keys of {@link Curve}s in PKCS#8 (RFC 5915) and SubjectPublicKeyInfo (RFC 5480). Curves are named, never spelt out. */
final class EcEncoding {

    private EcEncoding() {}

    static ECPrivateKeyParameters parse(Curve curve, PrivateKeyInfo key)
            throws IOException, InvalidKeyMaterialException {
        requireCurve(curve, key.getPrivateKeyAlgorithm());
        var inner = ECPrivateKey.getInstance(key.parsePrivateKey());
        requireSameCurve(curve, inner.getParametersObject());
        var scalar = new BigInteger(1, inner.getPrivateKey().getOctets());
        if (scalar.signum() == 0 || scalar.compareTo(curve.order()) >= 0) {
            throw new InvalidKeyMaterialException("the private scalar is out of range for " + curve);
        }
        var parsed = new ECPrivateKeyParameters(scalar, curve.domain());
        requireSamePoint(parsed, inner.getPublicKey());
        requireSamePoint(parsed, key.getPublicKeyData());
        return parsed;
    }

    static PrivateKeyInfo encode(ECPrivateKeyParameters key) throws IOException {
        var point = publicKey(key).getQ().getEncoded(false);
        int orderBits = key.getParameters().getN().bitLength();
        return new PrivateKeyInfo(
                algorithm(key.getParameters()),
                new ECPrivateKey(orderBits, key.getD(), new DERBitString(point), (ASN1Encodable) null));
    }

    static SubjectPublicKeyInfo spki(ECPublicKeyParameters key) {
        return new SubjectPublicKeyInfo(
                algorithm(key.getParameters()), key.getQ().getEncoded(false));
    }

    static ECPublicKeyParameters publicKey(ECPrivateKeyParameters key) {
        var point = new FixedPointCombMultiplier()
                .multiply(key.getParameters().getG(), key.getD())
                .normalize();
        return new ECPublicKeyParameters(point, key.getParameters());
    }

    /**
     * The public key in an SPKI, with the full validation of SP 800-56A, 5.6.2.3.3: on the curve, not infinity; the order
     * follows from the cofactor 1.
     *
     * @throws InvalidPublicKeyException if anything about it is not right
     */
    static ECPublicKeyParameters parsePublic(Curve curve, byte[] spki) throws InvalidPublicKeyException {
        try {
            var key = SubjectPublicKeyInfo.getInstance(Der.read(spki));
            requireCurve(curve, key.getAlgorithm());
            var encoded = key.getPublicKeyData();
            // Infinity is one zero octet and the hybrid forms are 6 and 7: neither is for certificates (RFC 5480, 2.2).
            byte form = encoded.getOctets()[0];
            if (encoded.getPadBits() != 0 || form < 2 || form > 4) {
                throw new InvalidPublicKeyException();
            }
            ECPoint point = curve.domain().getCurve().decodePoint(encoded.getOctets());
            return new ECPublicKeyParameters(curve.domain().validatePublicPoint(point), curve.domain());
        } catch (IOException
                | InvalidKeyMaterialException
                | IllegalArgumentException
                | IllegalStateException
                | ClassCastException
                | IndexOutOfBoundsException
                | ArithmeticException e) {
            throw new InvalidPublicKeyException();
        }
    }

    private static AlgorithmIdentifier algorithm(ECDomainParameters domain) {
        return new AlgorithmIdentifier(
                X9ObjectIdentifiers.id_ecPublicKey, ((ECNamedDomainParameters) domain).getName());
    }

    private static void requireCurve(Curve curve, AlgorithmIdentifier algorithm) throws InvalidKeyMaterialException {
        if (!algorithm.getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)
                || !curve.oid().equals(algorithm.getParameters())) {
            throw new InvalidKeyMaterialException("not a key on the curve " + curve);
        }
    }

    private static void requireSameCurve(Curve curve, @Nullable ASN1Encodable inner)
            throws InvalidKeyMaterialException {
        if (inner != null
                && !(inner instanceof ASN1ObjectIdentifier && curve.oid().equals(inner))) {
            throw new InvalidKeyMaterialException("two curves in one key");
        }
    }

    private static void requireSamePoint(ECPrivateKeyParameters key, @Nullable ASN1BitString point)
            throws InvalidKeyMaterialException {
        if (point == null) {
            return;
        }
        var said = key.getParameters().getCurve().decodePoint(point.getOctets());
        if (!said.equals(publicKey(key).getQ())) {
            throw new InvalidKeyMaterialException("the public key is not that of the private key");
        }
    }
}
