#!/bin/bash
TOKENIZER_ARG=${1:-"meta-llama/Meta-Llama-3-8B"}
DATA_ARG=${2:-"MOCK"}
LR="0.00015"

MODEL_ARGS="--use-mcore-models --num-layers 32 --hidden-size 4096 --ffn-hidden-size 14336 \
    --num-attention-heads 32 --group-query-attention --num-query-groups 8 --kv-channels 128 \
    --seq-length 8192 --max-position-embeddings 8192 --position-embedding-type rope --rotary-base 1000000 \
    --normalization RMSNorm --swiglu --untie-embeddings-and-output-weights --disable-bias-linear"

DATA_ARGS_LIST=()
if [[ "$DATA_ARG" == "MOCK" ]]; then
    DATA_ARGS_LIST+=(
        "--mock-data"
        "--tokenizer-type HuggingFaceTokenizer"
        "--vocab-size 128256"
    )
else
    DATA_ARGS_LIST+=(
        "--data-path $DATA_ARG"
        "--tokenizer-type HuggingFaceTokenizer"
        "--tokenizer-model $TOKENIZER_ARG"
        "--vocab-size 128256"
    )
fi

torchrun --nproc_per_node=8 pretrain_gpt.py $MODEL_ARGS ${DATA_ARGS_LIST[@]} \
    --micro-batch-size 1 --global-batch-size=128 --train-iters 100000 \
    --lr $LR --min-lr 1.0e-5 --lr-decay-style cosine --lr-warmup-fraction 0.01 \
    --tensor-model-parallel-size 1 --bf16
