using System.Text.Json.Serialization;

namespace Dske.Console.Network;

/// <summary>How secure links are read.</summary>
[JsonSerializable(typeof(SecureLinkList))]
internal sealed partial class SecureLinkJson : JsonSerializerContext;
