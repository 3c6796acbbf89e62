"""What moves the weights: the schedule, the optimizer and the regularizers of a config."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import optax

from runner.errors import ConfigError
from runner.instantiation import blamed, blaming, is_off, make, make_function, make_functions, takes
from runner.training.decay import decoupled_weight_decay
from runner.training.parts import Number
from runner.training.plateau import Plateau
from runner.training.proximal import projected, proximal


class Regularizers(NamedTuple):
    """The regularizers whose strength is not 0, by how they act, and what is measured while they do."""

    penalties: dict[str, Callable[..., jax.Array]]
    proximal: dict[str, Callable[..., jax.Array]]
    projections: dict[str, Callable[..., jax.Array]]
    measures: dict[str, Callable[..., jax.Array]]


def make_schedule(node: dict[str, Any], rate_scale: Number) -> tuple[optax.Schedule, Plateau | None]:
    """The schedule of a config, times `rate_scale` where it is a plateau; raises ConfigError if it fails."""
    made = make(node, "schedule")
    schedule = blamed(made, "schedule")
    return (lambda step: schedule(step) * rate_scale, made) if isinstance(made, Plateau) else (schedule, None)


def make_optimizer(
    node: dict[str, Any], schedule: optax.Schedule, regularizers: Regularizers
) -> tuple[optax.GradientTransformation, Callable[[Any, Any], Any]]:
    """The optimizer of a config with clipping, decay, proximal steps and projections about it.

    With it, from its state and the parameters to the parameters that are evaluated. Raises ConfigError.
    """
    clip, decay = node.pop("gradient_clip"), node.pop("weight_decay")
    evaluation, step_size = (node.pop(key, None) for key in ("evaluation_weights", "step_size"))
    for key in ("learning_rate", "needs_constant_rate"):
        node.pop(key, None)
    before = [] if is_off(clip) else [optax.clip_by_global_norm(clip)]
    node, after = _decaying(node, schedule, 0.0 if is_off(decay) else decay)
    own = make_function(node, "optimizer")(learning_rate=schedule)
    with blaming("optimizer"):
        chain = optax.chain(*before, own, *after)
    if regularizers.proximal:
        step = make_function(step_size, "optimizer.step_size")
        chain = proximal(chain, schedule, step, list(regularizers.proximal.values()))
    if regularizers.projections:
        chain = projected(chain, list(regularizers.projections.values()))
    chain = chain._replace(init=blamed(chain.init, "optimizer"), update=blamed(chain.update, "optimizer"))
    if evaluation is None:
        return chain, lambda state, parameters: parameters
    weights = make_function(evaluation, "optimizer.evaluation_weights")

    def evaluated(state: Any, parameters: Any) -> Any:
        stages = state.optimizer if regularizers.proximal else state
        return weights(stages[len(before)], parameters)

    return chain, evaluated


def _decaying(
    node: dict[str, Any], schedule: optax.Schedule, decay: Any
) -> tuple[dict[str, Any], list[optax.GradientTransformation]]:
    """The node of an optimizer told how it decays, and the stages after it that decay instead of it."""
    if takes(node, "decoupled_decay", "optimizer"):
        return node | {"decoupled_decay": decay}, []
    # A library's own decay would come on top of ours, and has a default that is not 0.
    quiet = node | {"weight_decay": 0.0} if takes(node, "weight_decay", "optimizer") else node
    return quiet, [] if is_off(decay) else [decoupled_weight_decay(schedule, decay)]


def make_regularizers(node: dict[str, Any], optimizer: dict[str, Any]) -> Regularizers:
    """The regularizers of a config; proximal where the optimizer's step is known, unless asked otherwise.

    Raises ConfigError where a proximal step is asked of an optimizer whose step is not known.
    """
    known = optimizer.get("step_size") is not None
    forms = {"proximal": _on(node["proximal"]), "penalty": _on(node["penalties"])}
    usual = list(forms) if known else list(reversed(forms))
    chosen: dict[str, dict[str, Any]] = {form: {} for form in forms}
    for name in {**forms["proximal"], **forms["penalty"]}:
        form = node.get(f"{name}_mode") or next(form for form in usual if name in forms[form])
        chosen[form][name] = forms[form][name]
    if chosen["proximal"] and not known:
        name, target = next(iter(chosen["proximal"])), optimizer["_target_"]
        penalty = f", or regularizer.{name}_mode=penalty" if name in forms["penalty"] else ""
        raise ConfigError(
            f"regularizer.{name}: its proximal step follows the optimizer's, and the optimizer {target} "
            f"has no step_size; choose one that has, like optimizer=adam{penalty}"
        )
    measures = {name: dict(measure) for name, measure in node["measures"].items()}
    on = {
        name: measure for name, measure in measures.items() if not all(map(is_off, measure.pop("strengths")))
    }
    return Regularizers(
        make_functions(chosen["penalty"], "regularizer.penalties"),
        make_functions(chosen["proximal"], "regularizer.proximal"),
        make_functions(_on(node["projections"]), "regularizer.projections"),
        make_functions(on, "regularizer.measures"),
    )


def _on(nodes: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {name: node for name, node in nodes.items() if not is_off(node.get("strength"))}
