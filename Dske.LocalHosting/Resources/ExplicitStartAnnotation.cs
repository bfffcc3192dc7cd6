namespace Dske.LocalHosting;

internal sealed record ExplicitStartAnnotation : IResourceAnnotation;
