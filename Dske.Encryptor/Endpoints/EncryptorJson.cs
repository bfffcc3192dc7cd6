using System.Text.Json.Serialization;
using Dske.Encryptor.Offers;

namespace Dske.Encryptor.Endpoints;

/// <summary>The contracts of the encryptor's API. How strictly they are read is the node's setting (service defaults).</summary>
[JsonSerializable(typeof(EstablishRequest))]
[JsonSerializable(typeof(EstablishResponse))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(PeerList))]
[JsonSerializable(typeof(SinkList))]
[JsonSerializable(typeof(Offer))]
[JsonSerializable(typeof(OfferAnswer))]
[JsonSerializable(typeof(LinkRequest))]
[JsonSerializable(typeof(LinkStatus))]
[JsonSerializable(typeof(LinkList))]
[JsonSerializable(typeof(TunnelRequest))]
[JsonSerializable(typeof(TunnelStatus))]
[JsonSerializable(typeof(TunnelList))]
[JsonSerializable(typeof(MessageRequest))]
[JsonSerializable(typeof(MessageList))]
internal sealed partial class EncryptorJson : JsonSerializerContext;
