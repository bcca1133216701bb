#ifndef ISOFLOP_PLUGIN_PLAN_FRAMEWORK_FRAMEWORK_READERS_H_
#define ISOFLOP_PLUGIN_PLAN_FRAMEWORK_FRAMEWORK_READERS_H_

#include "plugin/plan/framework/framework_run.h"

namespace isoflop {

// Each says which settings of its framework are which fields of plans. What the run needs and the settings do not tell is a problem, never a guess.

// torchtitan's TOML. The batch is of one device unless training.global_batch_size is given: then the data-parallel degree must follow.
void ReadTorchtitan(FrameworkRun& run);

// litgpt's configuration of pretraining. global_batch_size counts sequences over all devices. The vocabulary is padded, and the head untied unless
// train.tie_embeddings, whatever the model is called.
void ReadLitgpt(FrameworkRun& run);

// nanoGPT's configuration, which stands over the defaults of its train.py. gradient_accumulation_steps is that of all devices together, before
// train.py divides it among them.
void ReadNanogpt(FrameworkRun& run);

// Megatron-LM's arguments, from a command line or YAML of vars(args). The vocabulary is padded to a multiple of make_vocab_size_divisible_by times the tensor
// parallel size; training is counted in samples (sequences) or in iterations.
void ReadMegatron(FrameworkRun& run);

// Hugging Face's config.json with its TrainingArguments. The batch is of one device: world_size must be told, and so must the length of sequences, as
// max_position_embeddings is only its limit.
void ReadHuggingFace(FrameworkRun& run);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLAN_FRAMEWORK_FRAMEWORK_READERS_H_
