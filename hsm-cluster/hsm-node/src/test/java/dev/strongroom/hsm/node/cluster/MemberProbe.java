package dev.strongroom.hsm.node.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.internal.nio.Packet;
import com.hazelcast.internal.nio.PacketIOHelper;
import dev.strongroom.hsm.node.crypto.TlsIdentity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Speaks to the port of a member byte by byte, as an attacker would. */
final class MemberProbe {

    static final byte[] MEMBER_PROTOCOL = {'H', 'Z', 'C'};
    static final byte[] CLIENT_PROTOCOL = {'C', 'P', '2'};

    private MemberProbe() {}

    static SSLSocket connect(TlsIdentity identity, MemberAddress member) throws IOException {
        return connect(identity.context(), member);
    }

    /** A peer that believes anybody and shows no certificate, so that only the member can refuse. */
    static SSLSocket connectWithoutCertificate(MemberAddress member) throws IOException, GeneralSecurityException {
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(null, new TrustManager[] {new Credulous()}, MemberFixture.RANDOM);
        return connect(context, member);
    }

    private static SSLSocket connect(SSLContext context, MemberAddress member) throws IOException {
        return (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), member.port());
    }

    /** What is answered to {@code greeting}, at most {@code bytes} of it; nothing if the other side hangs up. */
    static byte[] answer(SSLSocket socket, byte[] greeting, int bytes) {
        var answer = new ByteArrayOutputStream();
        try {
            socket.getOutputStream().write(greeting);
            while (answer.size() < bytes) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    break;
                }
                answer.write(next);
            }
        } catch (IOException e) {
            // Hung up on; what was said before counts.
        }
        return answer.toByteArray();
    }

    static byte[] readToEnd(InputStream in) throws IOException {
        try {
            return in.readAllBytes();
        } catch (SocketException e) {
            return new byte[0];
        }
    }

    /** The packet as it travels. */
    static byte[] frame(Packet packet) {
        var buffer = ByteBuffer.allocate(packet.getFrameLength());
        assertTrue(new PacketIOHelper().writeTo(packet, buffer));
        return buffer.array();
    }

    /** Believes anybody, so that only the other side can refuse. */
    private static final class Credulous implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
