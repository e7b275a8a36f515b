package dev.strongroom.gateway.sts;

import dev.strongroom.hsm.protocol.Reply;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes answers of the AWS Query protocol. */
public final class StsAnswer {

    private static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";
    private static final XMLOutputFactory FACTORY = XMLOutputFactory.newDefaultFactory();

    /** What no document can hold, not even escaped (XML 1.0, section 2.2); a refusal may repeat what somebody sent. */
    private static final Pattern NO_XML =
            Pattern.compile("[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]");

    /** Temporary credentials; the secret and the token are not kept anywhere. */
    public record Credentials(String accessKeyId, String secretAccessKey, String sessionToken, Instant expiration) {

        /** From what the HSM made; whose secret stays the caller's. */
        public static Credentials of(Reply.MintedSession session) {
            return new Credentials(
                    session.accessKeyId(),
                    session.secret().use(octets -> new String(octets, StandardCharsets.US_ASCII)),
                    Base64.getEncoder().encodeToString(session.token().readOnlyArray()),
                    session.expires());
        }

        /** Without what opens anything. */
        @Override
        public String toString() {
            return "Credentials[" + accessKeyId + "]";
        }
    }

    /** What is written into the result of an action. */
    @FunctionalInterface
    private interface Content {
        void write(StsAnswer answer) throws XMLStreamException;
    }

    private final XMLStreamWriter xml;

    private StsAnswer(XMLStreamWriter xml) {
        this.xml = xml;
    }

    /** Who signed: ARN, unique id, twelve digits. */
    public static String callerIdentity(String arn, String userId, String account, UUID requestId) {
        return result("GetCallerIdentity", requestId, answer -> {
            answer.element("Arn", arn);
            answer.element("UserId", userId);
            answer.element("Account", account);
        });
    }

    /** The answer to GetSessionToken. */
    public static String session(Credentials credentials, UUID requestId) {
        return result("GetSessionToken", requestId, answer -> answer.credentials(credentials));
    }

    /** The answer to AssumeRole, and to AssumeRoleWithWebIdentity if {@code identity} is there. */
    public static String role(
            RoleRequest terms,
            Reply.MintedSession session,
            Credentials credentials,
            Optional<WebIdentity> identity,
            UUID requestId) {
        var action = identity.isPresent() ? StsAction.ASSUME_ROLE_WITH_WEB_IDENTITY : StsAction.ASSUME_ROLE;
        return result(action.wireName(), requestId, answer -> {
            if (identity.isPresent()) {
                answer.element("SubjectFromWebIdentityToken", identity.get().subject());
                answer.element("Audience", identity.get().audience());
                answer.element("Provider", identity.get().providerArn());
            }
            answer.xml.writeStartElement("AssumedRoleUser");
            answer.element("AssumedRoleId", session.uniqueId());
            answer.element("Arn", session.principalArn());
            answer.xml.writeEndElement();
            answer.credentials(credentials);
            if (terms.sourceIdentity().isPresent()) {
                answer.element("SourceIdentity", terms.sourceIdentity().get());
            }
        });
    }

    /** The body of a refusal. */
    public static String error(StsException refusal, UUID requestId) {
        return document("ErrorResponse", answer -> {
            answer.xml.writeStartElement("Error");
            answer.element("Type", refusal.error().status() < 500 ? "Sender" : "Receiver");
            answer.element("Code", refusal.error().code());
            answer.element("Message", refusal.text());
            answer.xml.writeEndElement();
            answer.element("RequestId", requestId.toString());
        });
    }

    private static String result(String action, UUID requestId, Content content) {
        return document(action + "Response", answer -> {
            answer.xml.writeStartElement(action + "Result");
            content.write(answer);
            answer.xml.writeEndElement();
            answer.xml.writeStartElement("ResponseMetadata");
            answer.element("RequestId", requestId.toString());
            answer.xml.writeEndElement();
        });
    }

    private static String document(String root, Content content) {
        var text = new StringWriter();
        try {
            var xml = FACTORY.createXMLStreamWriter(text);
            xml.setDefaultNamespace(NAMESPACE);
            xml.writeStartElement(NAMESPACE, root);
            xml.writeDefaultNamespace(NAMESPACE);
            content.write(new StsAnswer(xml));
            xml.writeEndElement();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("an answer in memory could not be written", e);
        }
        return text.toString();
    }

    private void credentials(Credentials credentials) throws XMLStreamException {
        xml.writeStartElement("Credentials");
        element("AccessKeyId", credentials.accessKeyId());
        element("SecretAccessKey", credentials.secretAccessKey());
        element("SessionToken", credentials.sessionToken());
        element(
                "Expiration",
                credentials.expiration().truncatedTo(ChronoUnit.SECONDS).toString());
        xml.writeEndElement();
    }

    private void element(String name, String text) throws XMLStreamException {
        xml.writeStartElement(name);
        xml.writeCharacters(NO_XML.matcher(text).replaceAll("\uFFFD"));
        xml.writeEndElement();
    }
}
