package dev.strongroom.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.strongroom.api.WireShape.Member;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.Buildable;

/**
 * The one codec between AWS JSON 1.1 and the SDK's model objects.
 *
 * <p>Reading is strict where leniency could let two readers see two requests (types, duplicate members, trailing bytes,
 * half surrogate pairs) and lenient where the protocol asks for it (unknown members are skipped, null means absent).
 * Whatever the bytes, reading ends in a request or in a {@link KmsException} with
 * {@link KmsError#SERIALIZATION}, whose text never repeats the input.
 *
 * <p>Jackson recycles its buffers per thread, so base64 forms of secrets stay in memory until the next request
 * overwrites them.
 */
public final class AwsJson {

    /** Room for the longest legal member, an attestation document, several times over. */
    private static final int MAX_STRING_CHARS = 2_000_000;

    private static final int MAX_DEPTH = 32;

    private static final int INITIAL_BYTES = 512;

    /** Seconds of the years 0 and 10000: whatever lies outside is no date that a KMS could mean. */
    private static final BigDecimal MIN_SECONDS = BigDecimal.valueOf(-62_167_219_200L);

    private static final BigDecimal MAX_SECONDS = BigDecimal.valueOf(253_402_300_800L);

    /** A number of at most {@link #MAX_NUMBER_CHARS} digits and this scale is far below a millisecond. */
    private static final int MAX_SCALE = 1_000;

    private static final int MAX_NUMBER_CHARS = 64;

    /** Names are not interned: callers choose the keys of an encryption context. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_STRING_CHARS)
                    .maxNameLength(MAX_STRING_CHARS)
                    .maxNumberLength(MAX_NUMBER_CHARS)
                    .build())
            .build();

    private AwsJson() {}

    /**
     * Loads what reading, checking and recording requests needs. These are hundreds of classes, some tenths of a second on a
     * cold machine, which an event loop must not spend while others wait for it.
     */
    public static void load() {
        var request = read(Operation.LIST_KEYS, new byte[] {'{', '}'}, 0, 2);
        MemberRules.check(Operation.LIST_KEYS, request);
        var unused = AuditForm.withoutTokens("", Operation.LIST_KEYS, request);
    }

    /**
     * Reads the body of a request.
     *
     * @param <T> the request class of the operation, for example {@code EncryptRequest}; any other fails where it is used
     * @throws KmsException {@link KmsError#SERIALIZATION}: without a text for bad base64, else with one
     */
    // The operation decides the class; asking for it a second time would only allow the two to differ.
    @SuppressWarnings("TypeParameterUnusedInFormals")
    public static <T extends SdkPojo> T read(Operation operation, byte[] body) {
        return read(operation, body, 0, body.length);
    }

    /** As {@link #read(Operation, byte[])}, from a part of an array. */
    @SuppressWarnings({"TypeParameterUnusedInFormals", "unchecked"}) // as above
    public static <T extends SdkPojo> T read(Operation operation, byte[] buffer, int offset, int length) {
        try (var parser = JSON.createParser(buffer, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("The request body is not a JSON object");
            }
            var request = readStructure(parser, WireShapes.request(operation), operation.newRequestBuilder());
            if (parser.nextToken() != null) {
                throw malformed("The request body goes on after its JSON object");
            }
            return (T) request;
        } catch (IOException e) {
            throw malformed("The request body is not valid JSON");
        }
    }

    private static SdkPojo readStructure(JsonParser parser, WireShape shape, SdkPojo builder) throws IOException {
        var seen = 0L;
        for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            var token = parser.nextToken();
            var member = shape.find(name);
            if (member == null) {
                parser.skipChildren();
                continue;
            }
            var bit = 1L << member.index;
            if ((seen & bit) != 0) {
                throw malformed("Member " + member.name + " appears twice");
            }
            seen |= bit;
            if (token != JsonToken.VALUE_NULL) {
                member.field.set(builder, readValue(parser, token, member));
            }
        }
        return (SdkPojo) ((Buildable) builder).build();
    }

    private static Object readValue(JsonParser parser, @Nullable JsonToken token, Member member) throws IOException {
        return switch (member.kind) {
            case STRING ->
                wellFormed(expect(parser, token, JsonToken.VALUE_STRING, member).getText());
            case INTEGER ->
                expect(parser, token, JsonToken.VALUE_NUMBER_INT, member).getIntValue();
            case BOOLEAN -> {
                if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
                    throw mismatch(token, member);
                }
                yield token == JsonToken.VALUE_TRUE;
            }
            case BLOB -> readBlob(expect(parser, token, JsonToken.VALUE_STRING, member));
            case INSTANT -> {
                if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
                    throw mismatch(token, member);
                }
                yield readInstant(parser);
            }
            case LIST -> readList(expect(parser, token, JsonToken.START_ARRAY, member), member.element());
            case MAP -> readMap(expect(parser, token, JsonToken.START_OBJECT, member), member.element());
            case STRUCTURE ->
                readStructure(
                        expect(parser, token, JsonToken.START_OBJECT, member),
                        member.structure(),
                        member.field.constructor().get());
        };
    }

    /** Standard base64 with padding and nothing else; Jackson's own decoder would take more than one form of the same bytes. */
    private static SdkBytes readBlob(JsonParser parser) throws IOException {
        var chars = parser.getTextCharacters();
        var offset = parser.getTextOffset();
        var ascii = new byte[parser.getTextLength()];
        try {
            var bits = 0;
            for (var i = 0; i < ascii.length; i++) {
                bits |= chars[offset + i];
                ascii[i] = (byte) chars[offset + i];
            }
            if (bits > 0x7F || ascii.length % 4 != 0) {
                throw badBase64();
            }
            return SdkBytes.fromByteArrayUnsafe(Base64.getDecoder().decode(ascii));
        } catch (IllegalArgumentException e) {
            throw badBase64();
        } finally {
            Arrays.fill(ascii, (byte) 0);
        }
    }

    /** The one malformation for which the service sends no text. */
    private static KmsException badBase64() {
        return KmsException.of(KmsError.SERIALIZATION);
    }

    private static Instant readInstant(JsonParser parser) throws IOException {
        try {
            var seconds = parser.getDecimalValue();
            // Compared before it is rescaled: 1e999999999 is short to write and endless to expand. So is 1e-999999999.
            if (seconds.compareTo(MIN_SECONDS) < 0 || seconds.compareTo(MAX_SECONDS) >= 0) {
                throw malformed("A timestamp is out of range");
            }
            if (seconds.signum() == 0 || seconds.scale() > MAX_SCALE) {
                return Instant.EPOCH;
            }
            return Instant.ofEpochMilli(
                    seconds.movePointRight(3).setScale(0, RoundingMode.HALF_UP).longValueExact());
        } catch (ArithmeticException | NumberFormatException e) {
            throw malformed("A timestamp is out of range");
        }
    }

    private static List<@Nullable Object> readList(JsonParser parser, Member element) throws IOException {
        var list = new ArrayList<@Nullable Object>();
        for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            // A null element is kept, so that the shape check can name it.
            list.add(token == JsonToken.VALUE_NULL ? null : readValue(parser, token, element));
        }
        return list;
    }

    private static Map<String, @Nullable Object> readMap(JsonParser parser, Member value) throws IOException {
        var map = new LinkedHashMap<String, @Nullable Object>();
        for (var key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            if (map.containsKey(wellFormed(key))) {
                throw malformed("A map holds a key twice");
            }
            var token = parser.nextToken();
            map.put(key, token == JsonToken.VALUE_NULL ? null : readValue(parser, token, value));
        }
        return map;
    }

    /** A string with half a surrogate pair has no UTF-8 form: stored or authenticated, it would become another string. */
    private static String wellFormed(String text) {
        for (var i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                    throw malformed("A string is not valid Unicode");
                }
                i++;
            }
        }
        return text;
    }

    private static JsonParser expect(JsonParser parser, @Nullable JsonToken token, JsonToken wanted, Member member) {
        if (token != wanted) {
            throw mismatch(token, member);
        }
        return parser;
    }

    private static KmsException mismatch(@Nullable JsonToken token, Member member) {
        var found = token == null
                ? "nothing"
                : switch (token) {
                    case VALUE_STRING -> "class java.lang.String";
                    case VALUE_TRUE, VALUE_FALSE -> "class java.lang.Boolean";
                    case VALUE_NUMBER_INT -> "class java.lang.Long";
                    case VALUE_NUMBER_FLOAT -> "class java.lang.Double";
                    case START_ARRAY -> "class java.util.ArrayList";
                    default -> "class java.util.LinkedHashMap";
                };
        return malformed(found + " can not be converted to an " + member.kind.title);
    }

    private static KmsException malformed(String text) {
        return KmsException.of(KmsError.SERIALIZATION, text);
    }

    /**
     * Writes a request or response. Members that are not set are left out; an explicit empty list or map is written.
     *
     * @return the body as it is sent: UTF-8, no byte at all for {@link Operation.OutputForm#EMPTY_BODY}
     */
    public static byte[] write(SdkPojo message) {
        if (WireShapes.isWithoutBody(message)) {
            return new byte[0];
        }
        var out = new ByteArrayOutputStream(INITIAL_BYTES);
        try (var generator = JSON.createGenerator(out)) {
            writeStructure(generator, WireShapes.of(message), message);
        } catch (IOException e) {
            throw new UncheckedIOException("an array in memory refused a write", e);
        }
        return out.toByteArray();
    }

    /** The body of an error answer. */
    public static byte[] writeError(KmsException exception) {
        var out = new ByteArrayOutputStream(INITIAL_BYTES);
        try (var generator = JSON.createGenerator(out)) {
            generator.writeStartObject();
            generator.writeStringField("__type", exception.error().code());
            var text = exception.text();
            if (text != null) {
                generator.writeStringField(exception.error().messageKey(), text);
            }
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("an array in memory refused a write", e);
        }
        return out.toByteArray();
    }

    private static void writeStructure(JsonGenerator generator, WireShape shape, SdkPojo message) throws IOException {
        generator.writeStartObject();
        for (var member : shape.members()) {
            var value = member.value(message);
            if (value != null) {
                generator.writeFieldName(member.quotedName);
                writeValue(generator, member, value);
            }
        }
        generator.writeEndObject();
    }

    private static void writeValue(JsonGenerator generator, Member member, @Nullable Object value) throws IOException {
        if (value == null) {
            generator.writeNull();
            return;
        }
        switch (member.kind) {
            case STRING -> generator.writeString((String) value);
            case INTEGER -> generator.writeNumber((Integer) value);
            case BOOLEAN -> generator.writeBoolean((Boolean) value);
            case BLOB -> generator.writeBinary(((SdkBytes) value).asByteArrayUnsafe());
            case INSTANT -> generator.writeNumber(BigDecimal.valueOf(((Instant) value).toEpochMilli(), 3));
            case LIST -> {
                generator.writeStartArray();
                for (var element : (List<?>) value) {
                    writeValue(generator, member.element(), element);
                }
                generator.writeEndArray();
            }
            case MAP -> {
                generator.writeStartObject();
                for (var entry : ((Map<?, ?>) value).entrySet()) {
                    generator.writeFieldName((String) entry.getKey());
                    writeValue(generator, member.element(), entry.getValue());
                }
                generator.writeEndObject();
            }
            case STRUCTURE -> writeStructure(generator, member.structure(), (SdkPojo) value);
        }
    }
}
