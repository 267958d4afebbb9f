import XMLFilings

extension FilingReading {
    /// Takes the runs that the reader has passed over, until the block is full.
    ///
    /// Each does the same as its tokens by themselves. Rows end at the end of a run: ``finishRow(_:at:_:_:)`` sees to that.
    mutating func takeRuns(_ block: inout RowBlock, _ summary: inout ConversionSummary) {
        while takenCount < passed.count, !isStopped {
            let run = passed[takenCount]
            takenCount &+= 1
            let plan = plans.plan(run.number) ?? makePlan(run.number)
            var first = Int(plan.firstStep)
            if run.textStart >= 0 {
                if plan.textSlot >= 0, texts.isFresh {
                    let slot = Int(plan.textSlot)
                    rows.add(literal: run.textStart, run.textEnd, to: slot, at: texts.endFresh(), in: &block)
                    // It ends the element, which is done.
                    first &+= 1
                } else {
                    takeText(of: run)
                }
            }
            let end = Int(plan.firstStep &+ plan.stepCount)
            while first < end {
                take(plans.steps[first], run, &block, &summary)
                first &+= 1
            }
            if plan.beginsText { beginText(at: run.offset) }
            (state, depthBelow) = (Int(plan.state), Int(plan.depthBelow))
        }
    }

    @inline(__always)
    private mutating func take(
        _ step: RunPlans.Step, _ run: XMLRun, _ block: inout RowBlock, _ summary: inout ConversionSummary
    ) {
        switch step.kind {
        case .attribute:
            take(passedAttributes[Int(run.firstAttribute &+ step.attribute)], step.number, &block)
        case .headAttribute:
            takeHead(passedAttributes[Int(run.firstAttribute &+ step.attribute)], step.number, &block)
        case .endScope: finish(Int(step.number), at: run.offset, &block, &summary)
        case .begin: begin(Int(step.number), at: run.offset, &block)
        case .end: end(Int(step.number), at: run.offset, &block, &summary)
        }
    }

    @inline(__always)
    private mutating func beginText(at offset: Int) {
        if rows.pending.isEmpty { rows.beginText(at: reader.place(ofOffset: offset)) }
        texts.begin(at: offset)
    }

    private mutating func makePlan(_ run: Int32) -> RunPlans.Plan {
        plans.makePlan(run, state: state, depthBelow: depthBelow, automaton, reader, rows)
    }

    private mutating func takeText(of run: XMLRun) {
        guard depthBelow == 0, automaton.states[state].textSlots.count > 0 else { return }
        if rows.pending.isEmpty { rows.beginText(at: reader.place(ofOffset: run.textStart)) }
        let stretch = XMLStretch(origin: run.textStart, start: run.textStart, end: run.textEnd)
        texts.take(reader, stretch, limit: fieldSize)
    }
}
