package dev.strongroom.gateway.operation;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.api.Operation;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.Reply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.kms.model.ListResourceTagsRequest;
import software.amazon.awssdk.services.kms.model.ListResourceTagsResponse;
import software.amazon.awssdk.services.kms.model.Tag;
import software.amazon.awssdk.services.kms.model.TagResourceRequest;
import software.amazon.awssdk.services.kms.model.TagResourceResponse;
import software.amazon.awssdk.services.kms.model.UntagResourceRequest;
import software.amazon.awssdk.services.kms.model.UntagResourceResponse;

/** TagResource, UntagResource and ListResourceTags. */
final class TagOperations {

    private static final int MAXIMUM_TAGS = 50;
    private static final int PAGE = 50;

    private TagOperations() {}

    static Map<Operation, OperationRow<?, ?>> rows() {
        return Map.of(
                Operation.TAG_RESOURCE,
                new OperationRow<TagResourceRequest, TagResourceResponse>(
                        (request, context) -> List.of(KeyNeeds.key(request.keyId(), "kms:TagResource", context)),
                        OperationRow.eachKey(RequestKeys::tagResource),
                        TagOperations::tagResource,
                        Freshness.LOCAL,
                        request -> false),
                Operation.UNTAG_RESOURCE,
                new OperationRow<UntagResourceRequest, UntagResourceResponse>(
                        (request, context) -> List.of(KeyNeeds.key(request.keyId(), "kms:UntagResource", context)),
                        OperationRow.eachKey(RequestKeys::untagResource),
                        TagOperations::untagResource,
                        Freshness.LOCAL,
                        request -> false),
                Operation.LIST_RESOURCE_TAGS,
                new OperationRow<ListResourceTagsRequest, ListResourceTagsResponse>(
                        (request, context) -> List.of(KeyNeeds.key(request.keyId(), "kms:ListResourceTags", context)),
                        TagOperations::listResourceTags,
                        Freshness.QUORUM,
                        request -> false));
    }

    private static Plan<TagResourceResponse> tagResource(
            TagResourceRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        KeyChecks.requireNotPendingDeletion(found.key());
        var added = checked(request.tags());
        var merged = new ArrayList<>(found.key().documents().tags());
        for (var tag : added) {
            int place = indexOf(merged, tag.key());
            if (place < 0) {
                merged.add(tag);
            } else {
                merged.set(place, tag);
            }
        }
        requireFew(merged);
        return new Plan.Ask<>(
                new ChangeCommand.ChangeKey(
                        context.ids().commandId(), context.authority(found), new KeyChange.SetTags(merged)),
                done -> TagResourceResponse.builder().build());
    }

    private static Plan<UntagResourceResponse> untagResource(
            UntagResourceRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        KeyChecks.requireNotPendingDeletion(found.key());
        request.tagKeys().forEach(TagOperations::requireNotReserved);
        var left = found.key().documents().tags().stream()
                .filter(tag -> !request.tagKeys().contains(tag.key()))
                .toList();
        return new Plan.Ask<>(
                new ChangeCommand.ChangeKey(
                        context.ids().commandId(), context.authority(found), new KeyChange.SetTags(left)),
                done -> UntagResourceResponse.builder().build());
    }

    private static Plan<ListResourceTagsResponse> listResourceTags(
            ListResourceTagsRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var key = keys.get(0).key();
        var list = "ListResourceTags/" + KeyChecks.arn(key);
        var page = Marker.page(request.marker(), request.limit(), PAGE, PAGE, list);
        var tags = key.documents().tags();
        int from = page.after().isEmpty() ? 0 : indexOf(tags, page.after()) + 1;
        int to = Math.min(from + page.limit(), tags.size());
        var response = ListResourceTagsResponse.builder()
                .tags(tags.subList(from, to).stream()
                        .map(tag -> Tag.builder()
                                .tagKey(tag.key())
                                .tagValue(tag.value())
                                .build())
                        .toList())
                .truncated(to < tags.size());
        if (to < tags.size()) {
            response.nextMarker(Marker.after(tags.get(to - 1).key(), key.stamp().revision(), list));
        }
        return new Plan.Answer<>(response.build());
    }

    /** The tags of a request, once they are known to be few, distinct and not reserved. */
    static List<KeyRecord.Tag> checked(List<Tag> tags) {
        var keys = new HashSet<String>();
        for (var tag : tags) {
            requireNotReserved(tag.tagKey());
            if (!keys.add(tag.tagKey())) {
                throw KmsException.of(KmsError.TAG, "Duplicate tag keys");
            }
        }
        var checked = tags.stream()
                .map(tag -> new KeyRecord.Tag(tag.tagKey(), tag.tagValue()))
                .toList();
        requireFew(checked);
        return checked;
    }

    private static void requireFew(List<KeyRecord.Tag> tags) {
        if (tags.size() > MAXIMUM_TAGS) {
            throw KmsException.of(KmsError.TAG, "Too many tags");
        }
    }

    private static void requireNotReserved(String tagKey) {
        if (tagKey.toLowerCase(Locale.ROOT).startsWith("aws:")) {
            throw KmsException.of(KmsError.TAG, "Tags beginning with aws: are reserved");
        }
    }

    private static int indexOf(List<KeyRecord.Tag> tags, String key) {
        for (int i = 0; i < tags.size(); i++) {
            if (tags.get(i).key().equals(key)) {
                return i;
            }
        }
        return -1;
    }
}
