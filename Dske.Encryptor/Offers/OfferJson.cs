using System.Text.Json.Serialization;

namespace Dske.Encryptor.Offers;

/// <summary>What encryptors say to each other, read as strictly by the client as by the server.</summary>
[JsonSourceGenerationOptions(
    AllowDuplicateProperties = false,
    MaxDepth = 16,
    NumberHandling = JsonNumberHandling.Strict,
    PropertyNameCaseInsensitive = false,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Offer))]
[JsonSerializable(typeof(OfferAnswer))]
[JsonSerializable(typeof(PeerProblem))]
[JsonSerializable(typeof(Links.LinkProblem))]
internal sealed partial class OfferJson : JsonSerializerContext;
