package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.KeySpec;
import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.gm.GMObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;

/** The short-Weierstrass curves (SP 800-186, SEC 2, GM/T 0003.5); all have cofactor 1. */
// The library's classes for curves are immutable and do not say so.
@SuppressWarnings("ImmutableEnumChecker")
enum Curve {
    P256(SECObjectIdentifiers.secp256r1),
    P384(SECObjectIdentifiers.secp384r1),
    P521(SECObjectIdentifiers.secp521r1),
    SECP256K1(SECObjectIdentifiers.secp256k1),
    SM2(GMObjectIdentifiers.sm2p256v1);

    private final ASN1ObjectIdentifier oid;
    private final ECNamedDomainParameters domain;

    Curve(ASN1ObjectIdentifier oid) {
        this.oid = oid;
        this.domain = new ECNamedDomainParameters(oid, CustomNamedCurves.getByOID(oid));
    }

    static Curve of(KeySpec spec) {
        return switch (spec) {
            case ECC_NIST_P256 -> P256;
            case ECC_NIST_P384 -> P384;
            case ECC_NIST_P521 -> P521;
            case ECC_SECG_P256K1 -> SECP256K1;
            case SM2 -> SM2;
            default -> throw new IllegalArgumentException(spec + " has no curve of this kind");
        };
    }

    ASN1ObjectIdentifier oid() {
        return oid;
    }

    ECNamedDomainParameters domain() {
        return domain;
    }

    BigInteger order() {
        return domain.getN();
    }

    int fieldBytes() {
        return (domain.getCurve().getFieldSize() + 7) / 8;
    }
}
