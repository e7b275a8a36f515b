package dev.strongroom.gateway.launch;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import dev.strongroom.hsm.node.cluster.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration: a YAML file, over it the environment, over that {@code --set key=value}. A key that nobody knows
 * is an error wherever it comes from, so a typing mistake never becomes a default.
 *
 * <p>The environment variable of {@code hsm.identity} in a gateway's configuration is {@code STRONGROOM_GATEWAY_HSM_IDENTITY}.
 */
final class ConfigReader {

    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .registerModule(new SimpleModule().addSerializer(Path.class, ToStringSerializer.instance));

    private ConfigReader() {}

    /**
     * Reads a configuration of type {@code type}.
     *
     * @param prefix of environment variables, such as {@code STRONGROOM_NODE_}
     * @param settings {@code key=value} from the command line, the key with dots
     * @throws LaunchException if it cannot be read, has an unknown key, or lacks one that is needed
     * @throws UsageException if that is so of a setting
     */
    static <T> T read(Class<T> type, Path file, String prefix, Map<String, String> environment, List<String> settings) {
        var tree = parse(file);
        var keys = new TreeMap<String, String>();
        collectKeys(type, "", keys);
        environment.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                var key = keys.get(name.substring(prefix.length()));
                if (key == null) {
                    throw new LaunchException(
                            "environment variable " + name + " stands for no key of the configuration");
                }
                set(tree, key, value, name);
            }
        });
        settings.forEach(setting -> apply(setting, tree, keys.values()));
        try {
            return readingPathsFrom(file.toAbsolutePath().getParent()).treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            var said = e instanceof JsonMappingException mapping ? setBy(settings, path(mapping)) : Optional.empty();
            if (said.isPresent()) {
                throw new UsageException("--set " + said.get() + ": " + explain(e));
            }
            throw new LaunchException(file + ": " + explain(e));
        }
    }

    private static void apply(String setting, ObjectNode tree, Collection<String> known) {
        int equals = setting.indexOf('=');
        if (equals < 1) {
            throw new UsageException(
                    "--set " + setting + ": write it as key=value, such as --set listen=127.0.0.1:8400");
        }
        var key = setting.substring(0, equals);
        if (known.stream().noneMatch(each -> each.equals(key) || each.startsWith(key + "."))) {
            throw new UsageException(
                    "--set " + setting + ": the configuration has no such key; it has " + String.join(", ", known));
        }
        try {
            set(tree, key, setting.substring(equals + 1), "--set " + setting);
        } catch (LaunchException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /** The setting that gave what stands at {@code path}. */
    private static Optional<String> setBy(List<String> settings, String path) {
        return settings.stream()
                .filter(setting -> (path + ".").startsWith(setting.substring(0, setting.indexOf('=')) + "."))
                .findFirst();
    }

    /** The effective configuration as YAML. Configurations name files that hold secrets, never secrets themselves. */
    static String print(Object config) {
        try {
            return YAML.writeValueAsString(config);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a configuration that was read can be written", e);
        }
    }

    /** Every key of a configuration by the name it has in the environment. */
    private static void collectKeys(Class<?> type, String path, Map<String, String> keys) {
        for (var component : type.getRecordComponents()) {
            var property = component.getAccessor().getAnnotation(JsonProperty.class);
            var key = path + (property == null || property.value().isEmpty() ? component.getName() : property.value());
            if (component.getType().isRecord() && component.getType() != Endpoint.class) {
                collectKeys(component.getType(), key + ".", keys);
            } else {
                keys.put(key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'), key);
            }
        }
    }

    /** Paths in a file mean the same wherever the program is started. */
    private static ObjectMapper readingPathsFrom(@Nullable Path folder) {
        return YAML.copy()
                .registerModule(new SimpleModule().addDeserializer(Path.class, new StdDeserializer<>(Path.class) {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public Path deserialize(JsonParser parser, DeserializationContext context) throws IOException {
                        var path = Path.of(parser.getValueAsString(""));
                        return (folder == null ? path : folder.resolve(path)).normalize();
                    }
                }));
    }

    private static ObjectNode parse(Path file) {
        try {
            var tree = YAML.readTree(Files.readString(file));
            if (tree instanceof ObjectNode object) {
                return object;
            }
            throw new LaunchException(file + ": is not a list of keys and values; see the README for an example");
        } catch (NoSuchFileException e) {
            throw new LaunchException(file + ": no such file; give the configuration with --config");
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new LaunchException(file + ": " + (at == null ? "" : "line " + at.getLineNr() + ": ")
                    + firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new LaunchException(file + ": cannot be read: " + Reason.of(e));
        }
    }

    private static void set(ObjectNode tree, String key, String value, String origin) {
        var parts = key.split("\\.", -1);
        var node = tree;
        for (int i = 0; i < parts.length - 1; i++) {
            var child = node.path(parts[i]);
            if (child instanceof ObjectNode object) {
                node = object;
            } else if (child.isMissingNode() || child.isNull()) {
                node = node.putObject(parts[i]);
            } else {
                throw new LaunchException(origin + ": " + parts[i] + " is a value, not a group of keys");
            }
        }
        try {
            node.set(parts[parts.length - 1], value.isEmpty() ? node.textNode("") : YAML.readTree(value));
        } catch (JsonProcessingException e) {
            throw new LaunchException(origin + ": the value is not readable as YAML");
        }
    }

    private static String explain(JsonProcessingException e) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            var known = unknown.getKnownPropertyIds().stream()
                    .map(String::valueOf)
                    .sorted()
                    .collect(Collectors.joining(", "));
            return "unknown key '" + path(unknown) + "'; known here: " + known;
        }
        if (e instanceof JsonMappingException mapping) {
            var cause = mapping.getCause() instanceof IllegalArgumentException own ? own.getMessage() : null;
            var where = path(mapping);
            return (where.isEmpty() ? "" : "'" + where + "': ") + (cause != null ? cause : mismatch(mapping));
        }
        return firstLine(e.getOriginalMessage());
    }

    private static String mismatch(JsonMappingException e) {
        var message = firstLine(e.getOriginalMessage());
        if (e instanceof MismatchedInputException mismatch && message.startsWith("Cannot ")) {
            var type = mismatch.getTargetType();
            if (type == Integer.class || type == int.class) {
                return "is not a whole number";
            } else if (type == Boolean.class || type == boolean.class) {
                return "is neither true nor false";
            }
            return type.isRecord() ? "is not a group of keys" : "is not a list or text as it should be";
        }
        return message;
    }

    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(part -> part.getFieldName() != null ? part.getFieldName() : "[" + part.getIndex() + "]")
                .collect(Collectors.joining("."));
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
