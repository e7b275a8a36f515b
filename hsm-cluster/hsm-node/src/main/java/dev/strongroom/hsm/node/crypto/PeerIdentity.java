package dev.strongroom.hsm.node.crypto;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Who stands at the other end of a connection, as the cluster's CA vouches for it: one URI among the subject alternative
 * names of the certificate, {@code strongroom:<role>:<name>} (RFC 5280 §4.2.1.6).
 *
 * <p>Says nothing about whether the certificate is genuine; that is the handshake's work, and it comes first.
 *
 * @param name 1 to 63 of {@code A-Z a-z 0-9 . _ -}
 */
public record PeerIdentity(Role role, String name) {

    /** What the holder of a certificate may connect as. */
    public enum Role {
        /** A member of the cluster; serves clients and speaks to its peers. */
        NODE,
        /** A client of the cluster. */
        GATEWAY
    }

    private static final int URI_NAME = 6;
    private static final String SCHEME = "strongroom:";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,63}");

    public PeerIdentity {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not the name of a node or gateway: " + name);
        }
    }

    public static PeerIdentity node(String id) {
        return new PeerIdentity(Role.NODE, id);
    }

    public static PeerIdentity gateway(String name) {
        return new PeerIdentity(Role.GATEWAY, name);
    }

    /**
     * The one identity that {@code certificate} carries.
     *
     * @throws CertificateException if it carries none, more than one, or one that is not well formed: a certificate with
     *     two readings must not be read at all
     */
    public static PeerIdentity of(X509Certificate certificate) throws CertificateException {
        var names = certificate.getSubjectAlternativeNames();
        var uris = (names == null ? List.<List<?>>of() : names)
                .stream()
                        .filter(name -> name.get(0) instanceof Integer type && type == URI_NAME)
                        .map(name -> String.valueOf(name.get(1)))
                        .filter(uri -> uri.toLowerCase(Locale.ROOT).startsWith(SCHEME))
                        .toList();
        if (uris.size() != 1) {
            throw new CertificateException("the certificate names " + uris.size() + " Strongroom identities, not one");
        }
        return ofUri(uris.get(0));
    }

    /** The URI of the certificate: {@code strongroom:node:n1}. */
    public String uri() {
        return SCHEME + role.name().toLowerCase(Locale.ROOT) + ":" + name;
    }

    private static PeerIdentity ofUri(String uri) throws CertificateException {
        for (var role : Role.values()) {
            var prefix = SCHEME + role.name().toLowerCase(Locale.ROOT) + ":";
            if (uri.startsWith(prefix)
                    && NAME.matcher(uri.substring(prefix.length())).matches()) {
                return new PeerIdentity(role, uri.substring(prefix.length()));
            }
        }
        throw new CertificateException("the certificate names no Strongroom identity that can be read");
    }
}
