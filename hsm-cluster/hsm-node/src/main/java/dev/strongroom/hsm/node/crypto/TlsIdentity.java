package dev.strongroom.hsm.node.crypto;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;

/**
 * What a node or gateway shows at a connection, and the one CA that it believes: private key, certificate chain, cluster
 * CA.
 *
 * <p>A connection made with it is TLS 1.3 (RFC 8446), proves both sides, and trusts nothing but the cluster's CA; the
 * certificates of the platform and of the operating system do not count. Validity dates and the extended key usage
 * are checked at the handshake, so a gateway's certificate, which is for clients only, cannot stand in for a node's
 * towards a client. Who the peer is, the caller asks {@link PeerIdentity}.
 *
 * <p>The private key lives on the heap for as long as the process does. Immutable and safe to share.
 */
public final class TlsIdentity {

    private static final String PROTOCOL = "TLSv1.3";
    private static final String CIPHER_SUITE = "TLS_AES_256_GCM_SHA384";

    private final PrivateKey key;
    private final List<X509Certificate> chain;
    private final X509Certificate authority;
    private final PeerIdentity identity;
    private final SSLContext context;
    private final SecureRandom random;

    private TlsIdentity(
            PrivateKey key,
            List<X509Certificate> chain,
            X509Certificate authority,
            PeerIdentity identity,
            SSLContext context,
            SecureRandom random) {
        this.key = key;
        this.chain = chain;
        this.authority = authority;
        this.identity = identity;
        this.context = context;
        this.random = random;
    }

    /**
     * Reads PEM text (see {@link #privateKeyPem}).
     *
     * @param random seeds every handshake made with it
     * @throws GeneralSecurityException if a part is missing or unreadable, the key is not that of the first certificate,
     *     the chain does not end at the CA, or the certificate names no {@link PeerIdentity}: better found when a node is
     *     configured than when its peers hang up
     */
    public static TlsIdentity ofPem(String privateKey, String chain, String authority, SecureRandom random)
            throws GeneralSecurityException {
        return of(
                Pem.readPrivateKey(privateKey),
                Pem.readCertificates(chain),
                Pem.readCertificates(authority).get(0),
                random);
    }

    static TlsIdentity of(PrivateKey key, List<X509Certificate> chain, X509Certificate authority, SecureRandom random)
            throws GeneralSecurityException {
        var leaf = chain.get(0);
        requirePair(key, leaf, random);
        chain.get(chain.size() - 1).verify(authority.getPublicKey());
        return new TlsIdentity(
                key, chain, authority, PeerIdentity.of(leaf), context(key, chain, authority, random), random);
    }

    public PeerIdentity identity() {
        return identity;
    }

    /** The context of connections in either direction; engines come from {@link #clientEngine} and {@link #serverEngine}. */
    public SSLContext context() {
        return context;
    }

    /**
     * A new engine for the side that connects. It is told no host name on purpose: sessions are then never resumed, so
     * every connection is a full handshake that checks the certificate's dates anew.
     */
    public SSLEngine clientEngine() {
        var engine = engine();
        engine.setUseClientMode(true);
        return engine;
    }

    /** A new engine for the side that accepts; a peer without a certificate of the CA is refused. */
    public SSLEngine serverEngine() {
        var engine = engine();
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(true);
        return engine;
    }

    /** The private key, PKCS#8 unencrypted. */
    public String privateKeyPem() {
        return Pem.writeSecret(key);
    }

    /** The certificate and what lies between it and the CA, leaf first. */
    public String chainPem() {
        return Pem.write(chain);
    }

    public String authorityPem() {
        return Pem.write(authority);
    }

    /** A signature in the name of this identity, see {@link NodeSignature}. */
    public byte[] sign(byte[] message) {
        return NodeSignature.sign(key, message, random);
    }

    /** The certificate and what lies between it and the CA, leaf first. */
    public List<X509Certificate> chain() {
        return List.copyOf(chain);
    }

    /** The certificate of this identity. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** The identity only. */
    @Override
    public String toString() {
        return "TlsIdentity[" + identity.uri() + "]";
    }

    private SSLEngine engine() {
        var engine = context.createSSLEngine();
        engine.setEnabledProtocols(new String[] {PROTOCOL});
        engine.setEnabledCipherSuites(new String[] {CIPHER_SUITE});
        return engine;
    }

    static void requirePair(PrivateKey key, X509Certificate leaf, SecureRandom random) throws GeneralSecurityException {
        var probe = new byte[32];
        random.nextBytes(probe);
        var signer = Signature.getInstance(CertificateAuthority.SIGNATURE);
        signer.initSign(key, random);
        signer.update(probe);
        var signature = signer.sign();
        signer.initVerify(leaf.getPublicKey());
        signer.update(probe);
        if (!signer.verify(signature)) {
            throw new CertificateException("the private key does not belong to the certificate");
        }
    }

    private static SSLContext context(
            PrivateKey key, List<X509Certificate> chain, X509Certificate authority, SecureRandom random)
            throws GeneralSecurityException {
        // An in-memory store needs some password; it never leaves this method.
        var password = new char[0];
        var own = emptyStore();
        own.setKeyEntry("own", key, password, chain.toArray(new X509Certificate[0]));
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, password);
        var believed = emptyStore();
        believed.setCertificateEntry("cluster", authority);
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(believed);
        var context = SSLContext.getInstance(PROTOCOL);
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), random);
        return context;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new IllegalStateException("nothing is read here", e);
        }
        return store;
    }
}
